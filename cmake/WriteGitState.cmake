# Writes a header with version, commit and dirty mark; touches it only when something changed, so nothing is rebuilt needlessly.
find_program(GIT git)
set(commit "unknown")
set(dirty "false")
if(GIT)
  execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse --short=12 HEAD OUTPUT_VARIABLE out RESULT_VARIABLE rc
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(rc EQUAL 0)
    set(commit ${out})
    execute_process(COMMAND ${GIT} -C ${SOURCE} status --porcelain --untracked-files=no OUTPUT_VARIABLE changes ERROR_QUIET)
    if(changes)
      set(dirty "true")
    endif()
  endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#pragma once
#define CASCADE_VERSION \"${VERSION}\"
#define CASCADE_GIT_COMMIT \"${commit}\"
#define CASCADE_GIT_DIRTY ${dirty}
")
