#pragma once
// Functions compiled for several vector widths.

// A function marked so is compiled for several instruction sets and chosen when the program is loaded: fast on the
// running CPU, safe on any other, without -march=native. Contraction to fused multiply-add is off for the whole
// program, so all versions give the same bits. Sanitizers cannot run the choice, which is made before main; other
// compilers lack it. A build that is for one CPU anyway (-march=native) must not have it: gcc inlines nothing into a
// version whose instruction set is not a superset of the build's, and a call per number costs a factor of four.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__AVX2__) &&                           \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CASCADE_CHOSEN_AT_LOADING
#define CASCADE_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CASCADE_CLONES
#endif
