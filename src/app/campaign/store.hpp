#pragma once
// What a campaign keeps on disk: one folder a case, sealed by checksums when the case is finished.

#include "app/campaign/config.hpp"

#include <nlohmann/json_fwd.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace cascade::app {

/// Folder of a campaign:
///   campaign.json                    the input, --set and every case's resolved configuration
///   cases/NAME/report.json, .md, results.h5, run.log   as of a single run
///   cases/NAME/case.sum              written last: digest of the configuration, checksums of the files above
///   cases/NAME/failed.txt            exit code and message of a case that failed
/// All calls are local, for one rank at a time a folder.
class CampaignStore {
public:
  explicit CampaignStore(std::filesystem::path directory) : directory_(std::move(directory)), place_(directory_) {}
  /// A campaign that is to replace the one in `place` once it is complete: it grows in place/.next.
  static CampaignStore next(const std::filesystem::path& place);
  /// Gives the complete campaign in .next the place of the older one: one rename, after which the rest may be done by
  /// finish_replacing(). Throws core::Error(io_failure).
  static void replace(const std::filesystem::path& place);
  /// A replacement that a kill broke off is done to the end. Nothing happens where there was none.
  static void finish_replacing(const std::filesystem::path& place);

  const std::filesystem::path& directory() const { return directory_; }
  const std::filesystem::path& place() const { return place_; } ///< as the user named it: --output
  std::filesystem::path of_case(const std::string& name) const { return directory_ / "cases" / name; }

  bool begun() const; ///< campaign.json is there
  /// Writes campaign.json.
  void begin(const Campaign& campaign) const;
  /// Throws core::Error(bad_input) naming the cases or keys in which the campaign differs from the one begun here.
  void require_same(const Campaign& campaign) const;
  /// The input of the campaign begun here. Throws core::Error(io_failure) when campaign.json is damaged.
  InputSource kept_input() const;
  /// Everything of the campaign begun here is removed, campaign.json last; files of others are left alone.
  void clear() const;
  /// Throws core::Error(refused) if the folder of a case holds something though no campaign was begun here.
  void require_empty(const Campaign& campaign) const;
  /// Throws core::Error(refused) unless a result in `place` is of a campaign that was begun there, so that a report
  /// made anew may take its place; and what require_unchanged() throws.
  static void require_own_result(const std::filesystem::path& place);
  /// Throws core::Error(io_failure) where campaign.json was changed after the campaign's report was written.
  static void require_unchanged(const std::filesystem::path& place);

  /// What is wrong with the campaign's own report, a line a file; empty where there is none, or it is as it was
  /// written.
  std::vector<std::string> damage_of_report() const;

  /// Quick: the case was sealed.
  bool sealed(const std::string& name) const;
  /// Writes case.sum for the files of a case.
  void seal(const CampaignCase& c) const;
  /// Empty when the case is sealed and its files and configuration agree with the seal; else what is wrong.
  std::string damage(const CampaignCase& c) const;
  /// Copies a sealed case from the folder of another part; the seal last.
  void adopt(const CampaignStore& other, const CampaignCase& c) const;
  int count_sealed(const Campaign& campaign) const;
  /// Forgets that the case was finished.
  void unseal(const std::string& name) const;
  /// "DIGEST  PATH" for campaign.json and the sealed files of all cases (core/files/sha256.hpp).
  std::string checksums(const Campaign& campaign) const;
  /// report.json of a sealed case. Throws core::Error(io_failure) when it is damaged.
  nlohmann::ordered_json report_of(const CampaignCase& c) const;

  void record_failure(const std::string& name, int code, const std::string& message) const;
  /// Exit code and message; 0 when none is recorded.
  std::pair<int, std::string> failure_of(const std::string& name) const;

private:
  std::filesystem::path directory_, place_;
};

} // namespace cascade::app
