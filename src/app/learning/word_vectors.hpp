#pragma once
// Vectors of words as text.

#include <cstdint>
#include <string>
#include <vector>

namespace cascade::app {

struct WordVectors {
  std::int64_t columns = 0;
  std::vector<double> values; ///< row by row
  std::string doubt;          ///< whether the first line counts more or fewer words than there are; empty: none
};

/// Whether a text has a line that is a word and numbers: what tells word vectors from a table of numbers. Local, pure.
bool holds_words(const std::string& text);

/// A word and its numbers a line, as word2vec, GloVe and fastText write them. A first line of two numbers alone says
/// how many rows and columns there are: the columns must be there, rows may be missing (a file cut, or taken in part).
/// Words may have spaces in them, as in GloVe's 840B: then the numbers are the last ones of the line, as many as in the
/// line before. `name` is what messages call the text. Throws core::Error(bad_input). Local, pure.
WordVectors read_word_vectors(const std::string& text, const std::string& name);

} // namespace cascade::app
