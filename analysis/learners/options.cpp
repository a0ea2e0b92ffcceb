#include "analysis/learners/learner.hpp"

#include <fmt/format.h>

namespace cascade::analysis {

void LearnerOptions::declare(core::ParameterVisitor& v) {
  v.choice("kind", kind, learner_names(), {"1", "what learns (required)"});
  v.integer("k", k, {0, 1024}, {"1", "nearest_neighbours: how many are averaged; 0: chosen by leave-one-out"});
  v.choice("split", split, {"kd", "pca", "cart"},
           {"1", "tree: halves along the widest side, along the longest principal axis, or where the squared error of "
                 "the target falls most"});
  v.integer("degree", degree, {0, 1}, {"1", "tree: constant or linear on each leaf"});
  v.choice("kernel", kernel, {"laplace", "matern3", "matern5", "gaussian"},
           {"1", "kernel: exp(-r), Matern of nu = 3/2 or 5/2, exp(-r^2/2), r in units of `length`"});
  v.real("length", length, {1e-6, 1e6},
         {"coordinate",
          "kernel: its length; default: twice the root mean square distance of the examples from their mean"});
  v.real("ridge", ridge, {0, 1e3}, {"1", "kernel: added to its diagonal"});
  v.choice("method", method, {"varpro", "adam"},
           {"1", "network: hidden layer by gradient with the output layer solved exactly at each step (variable "
                 "projection), or all of it by Adam, the output layer solved at the end"});
  v.integer("depth", depth, {1, 4}, {"1", "network: hidden layers (more than one: adam)"});
  v.integer("steps", steps, {1, 10000000}, {"1", "network: steps of the optimisation; default by method and width"});
  v.real(
      "rate", rate, {1e-7, 10},
      {"1", "network: learning rate of width 8 at the first step, less by sqrt(8/width); falls to zero as a cosine"});
  v.choice("resource", resource, {"automatic", "data", "parameters"},
           {"1", "what the curve runs over: examples n, or parameters N (leaves, width); automatic: data for "
                 "nearest_neighbours and kernel, parameters for the others"});
  v.integer("width", width, {2, 4096}, {"1", "width, or number of leaves, of a curve over data"});
  v.integer("smallest", smallest, {1, 1e9}, {"1", "first size of the curve: examples, leaves or width"});
  v.integer("largest", largest, {1, 1e9}, {"1", "last size of the curve"});
}

void LearnerOptions::validate(const std::string& place, core::Problems& problems) const {
  if (smallest && largest && *largest < 8 * *smallest)
    problems.add(place + ".largest", fmt::format("{} is below 8 times smallest, {}: three doublings make an exponent",
                                                 *largest, *smallest));
  if (resource == "parameters" && (kind == "nearest_neighbours" || kind == "kernel"))
    problems.add(place + ".resource", fmt::format("{} keeps all its examples; allowed: data", kind));
  if (kind == "network" && depth > 1 && method == "varpro")
    problems.add(place + ".method", "more than one hidden layer is trained by adam");
}

} // namespace cascade::analysis
