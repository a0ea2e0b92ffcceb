#pragma once
// Vectors of words as text.

#include <cstdint>
#include <string>
#include <vector>

namespace cascade::app {

struct WordVectors {
  std::int64_t columns = 0;
  std::vector<double> values; ///< row by row
};

/// Whether a text has a line that is a word and numbers: what tells word vectors from a table of numbers. Local, pure.
bool holds_words(const std::string& text);

/// A word and its numbers a line, as word2vec, GloVe and fastText write them; a first line of two numbers alone (rows
/// and columns) is passed over. `name` is what messages call the text. Throws core::Error(bad_input). Local, pure.
WordVectors read_word_vectors(const std::string& text, const std::string& name);

} // namespace cascade::app
