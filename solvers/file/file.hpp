#pragma once
// A field of the user's from files.

#include "solvers/file/layout.hpp"
#include "solvers/parameters.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cascade::solvers {

struct FieldFileParameters {
  FileWish wish;

  void declare(core::ParameterVisitor& v);
  void validate(core::Problems& problems) const;
  Shape shape() const; ///< of a field of one point a side where the files cannot be read: validate() says why
  void look_from(const std::string& folder);
  /// The files, looked at once. Throws core::Error or FileProblem.
  const FileLayout& layout() const;

private:
  std::string seen() const; ///< the fingerprint of the files, once they were looked at; empty before

  std::string fingerprint_; ///< as the input gives it
  mutable std::shared_ptr<const FileLayout> layout_;
  mutable FileWish looked_for_; ///< what layout_ was made from
  mutable std::string seen_;    ///< of layout_
};

/// What the files hold: u_c(x) at the points of a box of 1, 2 or 3 axes, one realisation a file of `files`. Nothing is
/// promised of it (no law), and no finite-size curve is known. Every rank reads its own box from the files, which all
/// ranks must see. Points: of a cell each (x_i = (i + 1/2) dx), or nodes (x_i = i dx with both ends of the box: dx =
/// length/(n - 1), and along a periodic axis the last node, which is the first again, is left out); estimators see
/// differences alone. Lengths: the input's, else what the file says (core/arrays/hdf5_array.hpp), else the longest axis
/// is 1 and all spacings are equal. Missing values (NaN, infinities, fill values, codes of a table) are refused with
/// their place, or kept as NaN for estimators to leave out. A constant field is refused. A series may be
/// replaced by its running sum, f_i = sum over j <= i of (f_j - mean).
class FieldFile final : public Generator, public GridView {
public:
  FieldFile(const FieldFileParameters& parameters, std::uint64_t seed);
  theory::LawPtr law() const override { return nullptr; }
  const GridView* grid() const override { return this; }
  core::GridSample sample(const core::Decomposition& decomposition, const core::Communicator& communicator,
                          std::uint64_t realisation) const override;
  core::MemoryParts scratch_memory(const core::Decomposition& decomposition) const override;

private:
  FieldFileParameters parameters_;
};

} // namespace cascade::solvers
