#include "analysis/measurement/subject.hpp"

namespace cascade::analysis {

double Subject::side() const {
  if (!box)
    return 1;
  int shortest = 2;
  for (int axis = box->first_axis(); axis < 2; ++axis)
    if (box->points(axis) < box->points(shortest))
      shortest = axis;
  return box->length(shortest);
}

} // namespace cascade::analysis
