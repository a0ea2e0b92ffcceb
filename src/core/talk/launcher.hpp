#pragma once
// Whether a launcher (mpirun, srun) started this process, and what there is to spare where none did.

namespace cascade::core {

/// By the environment. Look before MPI starts: MPI_Init sets a launcher's variables even where there is none (Open
/// MPI 4, singletons).
bool under_launcher();

/// Before MPI_Init of a process without a launcher: spares Open MPI the daemon that a lone process starts for children
/// it never has, and the look for networks and collectives among ranks that are not there: .1 s instead of .7 s, on
/// every mistake in an input as well. Nor does it get a folder of its own for the session: all that are alone would
/// have the same one, and remove it under one another. What the environment says already stays. Nothing under a
/// launcher.
void alone_without_launcher();

} // namespace cascade::core
