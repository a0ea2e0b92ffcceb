#include "core/ranks/communicator.hpp"

#include "core/ranks/outcome.hpp"
#include "core/talk/errors.hpp"
#include "core/talk/launcher.hpp"

#include <mpi.h>

#include <algorithm>
#include <array>
#include <climits>
#include <csignal>
#include <cstring>
#include <exception>
#include <utility>

namespace cascade::core {
namespace {

// Messages are cut here, so that counts fit MPI's int whatever the volume; both sides know the cut from the count
// alone.
constexpr std::int64_t largest_message = std::int64_t{1} << 30;

void check(int code, const char* call) {
  if (code == MPI_SUCCESS)
    return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  throw Error(ExitCode::internal_failure,
              std::string(call) + ": " + std::string(text.data(), static_cast<std::size_t>(length)));
}

int to_count(std::size_t n) {
  if (n > static_cast<std::size_t>(INT_MAX))
    throw Error(ExitCode::internal_failure, "a gathered array has more than 2^31 elements; gather smaller parts");
  return static_cast<int>(n);
}

MPI_Datatype mpi_type(double) {
  return MPI_DOUBLE;
}
MPI_Datatype mpi_type(std::int64_t) {
  return MPI_INT64_T;
}

template <class T>
void all_reduce(std::span<T> values, MPI_Op operation, MPI_Comm comm) {
  constexpr std::size_t chunk = std::size_t{1} << 24;
  for (std::size_t first = 0; first < values.size(); first += chunk) {
    const std::size_t count = std::min(chunk, values.size() - first);
    check(MPI_Allreduce(MPI_IN_PLACE, values.data() + first, to_count(count), mpi_type(T{}), operation, comm),
          "MPI_Allreduce");
  }
}

template <class T>
std::vector<T> concatenate(std::span<const T> local, int size, MPI_Comm comm) {
  const auto ranks = static_cast<std::size_t>(size);
  std::vector<int> counts(ranks), starts(ranks, 0);
  const int mine = to_count(local.size());
  check(MPI_Allgather(&mine, 1, MPI_INT, counts.data(), 1, MPI_INT, comm), "MPI_Allgather");
  std::size_t total = 0;
  for (std::size_t r = 0; r < ranks; ++r) {
    starts[r] = to_count(total);
    total += static_cast<std::size_t>(counts[r]);
  }
  std::vector<T> result(static_cast<std::size_t>(to_count(total)));
  check(MPI_Allgatherv(local.data(), mine, mpi_type(T{}), result.data(), counts.data(), starts.data(), mpi_type(T{}),
                       comm),
        "MPI_Allgatherv");
  return result;
}

} // namespace

Environment::Environment(int& argc, char**& argv) {
  std::signal(SIGXFSZ, SIG_IGN); // a file-size limit shall be an error of write(), not a death
  alone_without_launcher();
  int provided = 0;
  check(MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided), "MPI_Init_thread");
}

Environment::~Environment() {
  MPI_Finalize();
}

struct Communicator::Handle {
  MPI_Comm comm = MPI_COMM_NULL;
  int rank = 0;
  int size = 1;

  explicit Handle(MPI_Comm owned) : comm(owned) {
    check(MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN), "MPI_Comm_set_errhandler");
    check(MPI_Comm_rank(comm, &rank), "MPI_Comm_rank");
    check(MPI_Comm_size(comm, &size), "MPI_Comm_size");
  }
  ~Handle() {
    int finalised = 0;
    MPI_Finalized(&finalised);
    if (finalised == 0)
      MPI_Comm_free(&comm);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  static std::unique_ptr<Handle> duplicate(MPI_Comm parent) {
    MPI_Comm copy = MPI_COMM_NULL;
    check(MPI_Comm_dup(parent, &copy), "MPI_Comm_dup");
    return std::make_unique<Handle>(copy);
  }
};

Communicator::Communicator(std::unique_ptr<Handle> handle) : handle_(std::move(handle)) {}
Communicator::Communicator(Communicator&&) noexcept = default;
Communicator& Communicator::operator=(Communicator&&) noexcept = default;
Communicator::~Communicator() = default;

Communicator Communicator::world() {
  return Communicator(Handle::duplicate(MPI_COMM_WORLD));
}
Communicator Communicator::self() {
  return Communicator(Handle::duplicate(MPI_COMM_SELF));
}

int Communicator::rank() const {
  return handle_->rank;
}
int Communicator::size() const {
  return handle_->size;
}
void* Communicator::native() const {
  return &handle_->comm;
}

Communicator Communicator::split(int colour, int key) const {
  MPI_Comm part = MPI_COMM_NULL;
  check(MPI_Comm_split(handle_->comm, colour, key, &part), "MPI_Comm_split");
  return Communicator(std::make_unique<Handle>(part));
}

Communicator Communicator::node() const {
  MPI_Comm part = MPI_COMM_NULL;
  check(MPI_Comm_split_type(handle_->comm, MPI_COMM_TYPE_SHARED, rank(), MPI_INFO_NULL, &part), "MPI_Comm_split_type");
  return Communicator(std::make_unique<Handle>(part));
}

void Communicator::barrier() const {
  check(MPI_Barrier(handle_->comm), "MPI_Barrier");
}

void Communicator::broadcast(std::span<std::byte> data, int root) const {
  for (std::size_t first = 0; first < data.size(); first += largest_message) {
    const std::size_t count = std::min<std::size_t>(largest_message, data.size() - first);
    check(MPI_Bcast(data.data() + first, to_count(count), MPI_BYTE, root, handle_->comm), "MPI_Bcast");
  }
}

std::string Communicator::broadcast(const std::string& text, int root) const {
  std::int64_t length = static_cast<std::int64_t>(text.size());
  broadcast(std::as_writable_bytes(std::span(&length, 1)), root);
  std::string result = rank() == root ? text : std::string(static_cast<std::size_t>(length), '\0');
  broadcast(std::as_writable_bytes(std::span(result)), root);
  return result;
}

void Communicator::sum(std::span<ExactSum> values) const {
  constexpr std::size_t chunk = 4096; // 2 MB of limbs at a time
  std::vector<std::int64_t> packed;
  for (std::size_t first = 0; first < values.size(); first += chunk) {
    const auto part = values.subspan(first, std::min(chunk, values.size() - first));
    packed.clear();
    for (ExactSum& value : part) {
      value.normalise();
      packed.insert(packed.end(), value.words().begin(), value.words().end());
    }
    all_reduce(std::span(packed), MPI_SUM, handle_->comm);
    for (std::size_t i = 0; i < part.size(); ++i) {
      std::copy_n(packed.begin() + static_cast<std::ptrdiff_t>(i * ExactSum::limbs), ExactSum::limbs,
                  part[i].words().begin());
      part[i].normalise();
    }
  }
}

void Communicator::sum(std::span<std::int64_t> values) const {
  all_reduce(values, MPI_SUM, handle_->comm);
}
void Communicator::max(std::span<double> values) const {
  all_reduce(values, MPI_MAX, handle_->comm);
}
void Communicator::max(std::span<std::int64_t> values) const {
  all_reduce(values, MPI_MAX, handle_->comm);
}
void Communicator::min(std::span<double> values) const {
  all_reduce(values, MPI_MIN, handle_->comm);
}

std::vector<double> Communicator::gather_all(std::span<const double> local) const {
  return concatenate(local, size(), handle_->comm);
}

std::vector<std::int64_t> Communicator::gather_all(std::span<const std::int64_t> local) const {
  return concatenate(local, size(), handle_->comm);
}

void Communicator::all_to_all(std::span<const double> send, std::span<const std::int64_t> send_counts,
                              std::span<double> receive, std::span<const std::int64_t> receive_counts) const {
  std::vector<std::int64_t> send_bytes(send_counts.begin(), send_counts.end());
  std::vector<std::int64_t> receive_bytes(receive_counts.begin(), receive_counts.end());
  for (auto* bytes : {&send_bytes, &receive_bytes})
    for (std::int64_t& count : *bytes)
      count *= static_cast<std::int64_t>(sizeof(double));
  all_to_all(std::as_bytes(send), send_bytes, std::as_writable_bytes(receive), receive_bytes);
}

// Point to point rather than MPI_Alltoallv: 64-bit counts without asking all ranks whether a count is too large for
// int.
void Communicator::all_to_all(std::span<const std::byte> send, std::span<const std::int64_t> send_counts,
                              std::span<std::byte> receive, std::span<const std::int64_t> receive_counts) const {
  const int ranks = size();
  std::vector<std::int64_t> send_start(static_cast<std::size_t>(ranks) + 1, 0), receive_start = send_start;
  for (std::size_t r = 0; r < static_cast<std::size_t>(ranks); ++r) {
    send_start[r + 1] = send_start[r] + send_counts[r];
    receive_start[r + 1] = receive_start[r] + receive_counts[r];
  }
  std::vector<MPI_Request> requests;
  const auto post = [&](bool sending, int peer) {
    const auto p = static_cast<std::size_t>(peer);
    const std::int64_t end = sending ? send_start[p + 1] : receive_start[p + 1];
    for (std::int64_t first = sending ? send_start[p] : receive_start[p]; first < end; first += largest_message) {
      const int count = static_cast<int>(std::min(largest_message, end - first));
      MPI_Request& request = requests.emplace_back();
      if (sending)
        check(MPI_Isend(send.data() + first, count, MPI_BYTE, peer, 0, handle_->comm, &request), "MPI_Isend");
      else
        check(MPI_Irecv(receive.data() + first, count, MPI_BYTE, peer, 0, handle_->comm, &request), "MPI_Irecv");
    }
  };
  for (int step = 1; step < ranks; ++step)
    post(false, (rank() - step + ranks) % ranks);
  for (int step = 1; step < ranks; ++step)
    post(true, (rank() + step) % ranks);
  const auto me = static_cast<std::size_t>(rank());
  if (send_counts[me] > 0)
    std::memcpy(receive.data() + receive_start[me], send.data() + send_start[me],
                static_cast<std::size_t>(send_counts[me]));
  check(MPI_Waitall(to_count(requests.size()), requests.data(), MPI_STATUSES_IGNORE), "MPI_Waitall");
}

void Communicator::agree(const std::function<void()>& local) const {
  const Outcome mine = attempt([&] {
    local();
    return ExitCode::complete;
  });
  auto code = static_cast<std::int64_t>(mine.code);
  int first = mine.code == ExitCode::complete ? size() : rank();
  check(MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, handle_->comm), "MPI_Allreduce");
  if (first == size())
    return;
  broadcast(std::as_writable_bytes(std::span(&code, 1)), first);
  throw Error(static_cast<ExitCode>(code), broadcast(mine.message, first));
}

} // namespace cascade::core
