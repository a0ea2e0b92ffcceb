#!/bin/bash
# One run on 64 ranks under PBS:   qsub -v INPUT=inputs/beta_d2.8.yaml[,OPTIONS="--set run.seed=2"] inputs/batch/pbs.sh
# Adapt the #PBS lines to your cluster (2 nodes of 32 cores here); they must stay above the first command.
# Ask first what the run needs: cascade inputs/beta_d2.8.yaml --dry-run
# Submitted again, after the time limit or a lost node, it goes on where it was: OUTPUT, a folder a run, stays the same.
#PBS -N cascade
#PBS -l select=2:ncpus=32:mpiprocs=32:mem=64gb
#PBS -l walltime=00:30:00
##PBS -A ACCOUNT
##PBS -q QUEUE
#PBS -j oe

set -u

cd "${PBS_O_WORKDIR:-.}" || exit 3               # PBS starts in the home folder
input=${INPUT:?usage: qsub -v INPUT=FILE.yaml pbs.sh}
cascade=${CASCADE:-cascade}                      # -v CASCADE=/path/to/cascade if it is not on PATH
name=$(basename "$input" .yaml)
output=${OUTPUT:-results/$name}                  # the same for every submission; other keys, another OUTPUT
options=${OPTIONS:-}

# module load openmpi hdf5 fftw                  # what the program was built with

again=                                           # something was begun there, and nobody asks to start anew
for begun in units campaign.json .next .new .older report.json; do
  [[ -e $output/$begun && " $options " != *" --force "* && " $options " != *" --resume "* ]] && again=--resume && break
done

launcher=${LAUNCHER:-mpirun -n 64}               # an mpirun built for PBS finds the nodes by itself
echo "job ${PBS_JOBID:-$$}: $launcher $cascade $input -> $output $again"
# shellcheck disable=SC2086  # the launcher and the options are lists of words
$launcher "$cascade" "$input" --output "$output" --color never $again $options &
pid=$!
trap 'kill -USR1 "$pid" 2>/dev/null' USR1        # untrapped, these would end this shell and leave the ranks
trap 'kill -TERM "$pid" 2>/dev/null' TERM        # at the limit PBS asks all of them: twice is once to the program

while true; do                                   # a trapped signal ends wait early: wait again
  wait "$pid"
  code=$?
  kill -0 "$pid" 2>/dev/null || break
done

# Launchers sometimes return 0 for a job that died (node failure): report.json, written last, proves completion.
if [ "$code" -eq 0 ] && [ ! -s "$output/report.json" ]; then
  echo "the launcher returned 0, but $output/report.json is missing: the run is not complete" >&2
  code=1
fi
echo "exit code $code"
exit "$code"
