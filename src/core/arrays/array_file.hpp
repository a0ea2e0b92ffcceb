#pragma once
// Arrays of numbers in files of others: one contract, one pair of files a format.

#include "core/grid/domain.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace cascade::core {

/// What a user says of a file beside its name. Empty or unset: the file's own word, or the format's default.
struct ArrayWish {
  std::filesystem::path path;
  std::string format = "auto";            ///< name of a line of array_formats()
  std::string dataset;                    ///< path inside an HDF5 file, name inside an .npz
  std::vector<Index> shape;               ///< of raw numbers
  std::string type = "float64";           ///< of raw numbers: float32 | float64
  std::string byte_order = "little";      ///< of raw numbers: little | big
  Index offset = 0;                       ///< bytes before raw numbers
  std::string column;                     ///< of a table: its name in the header, or its number from 1
  std::string separator;                  ///< of a table; empty: what the first line has
  std::vector<std::string> missing_codes; ///< of a table: words that stand for no value
  std::string position;                   ///< of a table: column of times or places; none; empty: see open_table
  bool decimal_comma = false;             ///< of a table: 3,14 is a number
  bool any_numbers = false;               ///< integers too, not floating-point numbers alone
  std::vector<std::string> columns{};     ///< of a table: these beside one another, an array with two axes
  bool more_behind = false;               ///< of raw numbers: other bytes may follow
};

/// What is known of an array once its file is open.
struct ArrayHeader {
  std::vector<Index> shape;      ///< slowest axis of the file first; a Fortran array of shape (n1, n2) is (n2, n1) here
  bool reversed = false;         ///< the file numbers its axes the other way round (a Fortran-ordered .npy)
  std::string type;              ///< "float64", for a reader
  std::string dataset;           ///< what was taken where the user left it open
  std::vector<double> spacing;   ///< of the axes, where the file says so: 0 not of this one, NaN uneven
  std::vector<double> length;    ///< of the box along them, where the file says so
  std::vector<bool> periodic;    ///< of the axes, where the file says so
  std::vector<std::string> axes; ///< their names, where the file has any
  std::optional<double> fill;    ///< value that stands for none
  std::optional<double> time;
  std::filesystem::path data; ///< the file with the numbers, where that is another
};

/// A rectangular part of an array: begin, begin + step, ..., count of them, along each axis of the file.
struct ArraySelection {
  std::vector<Index> begin, count, step;
  Index size() const;
};

/// An array in a file, open for reading. A value that is missing there (a fill value, a code, an empty cell) is NaN.
/// Local object: every rank opens the file itself and reads its own part; no call is collective. Errors: bad_input for
/// what cannot be meant (no such file or dataset, another type), io_failure for a file that ends early or is damaged.
class ArrayFile {
public:
  /// Called with pieces of the selection in row-major order; `first`: place of the first value in the selection.
  using Visit = std::function<void(Index first, std::span<const double> values)>;
  virtual ~ArrayFile() = default;
  const ArrayHeader& header() const { return header_; }
  virtual void read(const ArraySelection& selection, const Visit& visit) const = 0;
  /// Bytes it holds in memory, or needs while it reads.
  virtual double bytes_held() const = 0;

protected:
  ArrayHeader header_;
};

/// A format: a line of the table.
struct ArrayFormat {
  std::string name;
  std::vector<std::string> endings; ///< of file names, with the dot, in small letters
  std::string summary;
  std::unique_ptr<ArrayFile> (*open)(const ArrayWish&);
};
const std::vector<ArrayFormat>& array_formats();

/// The format of a file's name; null: none.
const ArrayFormat* format_of(const std::filesystem::path& path);

/// Opens the array the wish names. Local.
std::unique_ptr<ArrayFile> open_array(const ArrayWish& wish);

/// The datasets to take from a file where the user names none: one, or the components of a vector. Throws
/// Error(bad_input) that lists what is there. `components`: how many make a vector; 0: as many as the data have axes.
std::vector<std::string> default_datasets(const ArrayWish& wish);

/// Every array of numbers in a file, with its shape; of one that holds one array only, that with the name "". Throws
/// Error(bad_input, io_failure) where the file cannot be opened.
struct ArrayListing {
  std::string name;
  std::vector<Index> shape;
};
std::vector<ArrayListing> arrays_in(const ArrayWish& wish);

/// Files whose names match a pattern with * and ? (glob), sorted. Local.
std::vector<std::string> files_matching(const std::string& pattern);

/// Throws Error(bad_input) with what is wrong with a path a file is to be read from: not there, a directory, not
/// readable. Local.
void require_readable(const std::filesystem::path& path);

} // namespace cascade::core
