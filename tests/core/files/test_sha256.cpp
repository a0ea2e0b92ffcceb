// SHA-256: the standard's own examples, and what a changed byte does to a folder's file of checksums.
#include "core/files/safe_file.hpp"
#include "core/files/sha256.hpp"
#include "tests/core/scratch.hpp"

#include <catch2/catch.hpp>

using namespace cascade;

TEST_CASE("SHA-256 gives the digests of the standard's examples", "[sha256]") {
  CHECK(core::sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(core::sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(core::sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(
      core::sha256("abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmno"
                   "pqrstnopqrstu") == "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1");
  CHECK(core::sha256(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("A changed, missing or unnamed file is told from the folder's checksums", "[sha256]") {
  const auto self = core::Communicator::self();
  const test::Scratch scratch(self);
  const auto file = scratch.path() / "a.txt", sums = scratch.path() / core::checksum_file_name;
  core::write_text(file, "abc");
  CHECK_THAT(core::checksum_damage(scratch.path(), {"a.txt"}), Catch::Contains("missing"));
  core::write_text(sums, core::checksum_line(core::sha256_of_file(file), "a.txt"));
  CHECK(core::checksum_damage(scratch.path(), {"a.txt"}).empty());
  CHECK_THAT(core::checksum_damage(scratch.path(), {"b.txt"}), Catch::Contains("does not name b.txt"));
  core::write_text(file, "abd");
  CHECK_THAT(core::checksum_damage(scratch.path(), {}), Catch::Contains("a.txt was changed"));
  test::fs::remove(file);
  CHECK_THAT(core::checksum_damage(scratch.path(), {}), Catch::Contains("a.txt is missing"));
  core::write_text(sums, core::checksum_line(core::sha256("x"), "../x"));
  CHECK_THAT(core::checksum_damage(scratch.path(), {}), Catch::Contains("damaged"));
}
