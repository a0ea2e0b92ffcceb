#pragma once
// How parameters and FLOP are counted, and what the count does to an exponent.

namespace cascade::analysis {

/// N + 47491 N^(1/3): parameters with those of the embedding, from parameters without (fitted to the models of Kaplan
/// et al. and Hoffmann et al.; Pearce and Song 2024, arXiv 2406.12907). Pure.
double with_embedding(double params);
/// Its inverse. Pure.
double without_embedding(double total);

/// Exponent a of N ~ C^a (slope of log N against log C at 400 sizes, even in log N, from `smallest` to `largest`) that
/// somebody finds who counts N and C = 6 N D without the embedding, where the loss is E + A/N_T^alpha + B/D^beta of the
/// total N_T = with_embedding(N): the best N at each C solves
///   A alpha N_T^(-alpha - 1) dN_T/dN = B beta (6/C)^beta N^(beta - 1),
/// whose A, B and E do not matter to the slope. Pure.
double exponent_without_embedding(double alpha, double beta, double smallest, double largest);

/// A decoder: layers l, width d, heads h, feed-forward 4 d, vocabulary V, context s.
struct ModelShape {
  double layers = 0, width = 0, heads = 0, vocabulary = 32000, context = 2048;
};

/// 12 l d^2 + V d: matrices of attention and feed-forward layers, and one embedding. Pure.
double total_parameters(const ModelShape& shape);
/// FLOP a training token, forward and backward (three times forward): embedding and logits 2 V d each, queries, keys,
/// values and projection 8 d^2, scores and their use 4 s d, softmax 3 h s, feed-forward 16 d^2, of each layer (the
/// count of Hoffmann et al. 2022, appendix F). Pure.
double flop_per_token(const ModelShape& shape);
/// 6 N + 6 V d + 12 l d s, N = 12 l d^2: logits and attention beside the matrices, in short. Pure.
double short_flop_per_token(const ModelShape& shape);

/// A usual shape of so many parameters: width 80 times the layers, heads of 128 (one at least). Pure.
ModelShape usual_shape(double params);

} // namespace cascade::analysis
