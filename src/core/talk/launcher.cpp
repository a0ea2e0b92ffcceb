#include "core/talk/launcher.hpp"

#include <array>
#include <cstdlib>
#include <utility>

namespace cascade::core {

bool under_launcher() {
  for (const char* variable :
       {"OMPI_COMM_WORLD_SIZE", "PMIX_RANK", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID", "SLURM_STEP_ID"}) {
    const char* value = std::getenv(variable);
    if (value != nullptr && *value != '\0')
      return true;
  }
  return false;
}

void alone_without_launcher() {
  if (under_launcher())
    return;
  constexpr std::array<std::pair<const char*, const char*>, 5> enough{{{"OMPI_MCA_ess_singleton_isolated", "1"},
                                                                       {"OMPI_MCA_orte_create_session_dirs", "0"},
                                                                       {"OMPI_MCA_pml", "ob1"},
                                                                       {"OMPI_MCA_btl", "self"},
                                                                       {"OMPI_MCA_coll", "self,basic,libnbc"}}};
  for (const auto& [name, value] : enough)
    ::setenv(name, value, 0);
}

} // namespace cascade::core
