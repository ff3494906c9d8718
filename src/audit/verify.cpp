#include "audit/verify.hpp"

#include <fmt/format.h>

#include <map>

#include "audit/folder.hpp"
#include "audit/prune.hpp"
#include "audit/scan.hpp"

namespace cvstroom::audit {
namespace {

class Verifier {
  public:
    Verifier(const Key& key, std::span<const store::AuditAnchor> anchors, const std::optional<KnownSeal>& known)
        : key_(key), anchors_(anchors), known_(known) {}

    Result<Verification> run(const std::filesystem::path& folder) {
        const auto files = list_files(folder);
        if (!files) return tl::unexpected(files.error());
        begin_after_pruned(folder);
        for (const auto& file : *files) {
            if (file.number <= result_.pruned_files) continue;  // pruning was interrupted before it came to this one
            const bool is_last = &file == &files->back();
            const auto content = read_whole(file.path);
            if (!content) return tl::unexpected(content.error());
            check(file, *content, is_last);
        }
        check_anchors();
        return std::move(result_);
    }

  private:
    void fault(std::string where, std::string what) { result_.faults.push_back({std::move(where), std::move(what)}); }

    void begin_after_pruned(const std::filesystem::path& folder) {
        const auto pruned = read_pruned(folder, key_);
        if (!pruned) return fault(pruned_name, pruned.error().message);
        if (!*pruned) return;
        number_ = result_.pruned_files = (*pruned)->file;
        before_ = {(*pruned)->code, (*pruned)->seal};
        chain_ = (*pruned)->chain;
        forgotten_ = (*pruned)->seal;
        seen_[(*pruned)->seal] = (*pruned)->code;
    }

    void check(const AuditFile& file, const std::string& content, bool is_last) {
        const auto name = file.path.filename().string();
        if (file.number != ++number_) {
            fault(name, fmt::format("files {} to {} are missing before it", number_, file.number - 1));
            number_ = file.number;
            before_ = {};
        }
        const Scan scan = scan_file(content, key_, before_, [this](const Seal& seal) { remember(seal); });
        ++result_.files;
        result_.records += scan.records;
        if (scan.header && !chain_) chain_ = scan.header->chain;
        if (scan.header && chain_ != scan.header->chain) fault(name, "it belongs to another chain");
        if (!scan.fault.empty()) fault(fmt::format("{}, line {}", name, scan.fault_line), scan.fault);
        if (is_last) {
            result_.unfinished_bytes = scan.unfinished;
        } else if (scan.fault.empty() && !scan.is_closed()) {
            fault(name, "its closing seal is missing: its end was cut off");
        }
        before_ = {};
        if (scan.is_closed()) before_ = {scan.last->code, scan.last->number};
    }

    void remember(const Seal& seal) {
        ++result_.seals;
        result_.head = KnownSeal{seal.number, seal.code};
        for (const auto& anchor : anchors_) {
            if (anchor.seal == seal.number) seen_[anchor.seal] = seal.code;
        }
        if (known_ && known_->number == seal.number) seen_[seal.number] = seal.code;
    }

    // Seals that are known from elsewhere must be in the files, with the same code.
    void check_anchors() {
        for (const auto& anchor : anchors_) {
            if (chain_ && anchor.chain != *chain_) continue;
            check_known(anchor.seal, anchor.code,
                        fmt::format("the database remembers seal {} of {}", anchor.seal, format_instant(anchor.at)));
        }
        if (known_) check_known(known_->number, known_->code, fmt::format("seal {} was given", known_->number));
        for (const auto& anchor : anchors_) {
            if (chain_ && anchor.chain != *chain_) {
                fault("chain " + anchor.chain.to_string(),
                      fmt::format("the database remembers {} seals of it, and none of its files is here", anchor.seal));
            }
        }
    }

    void check_known(std::uint64_t number, const Sha256& code, const std::string& how) {
        if (number < forgotten_) return;  // it stood in a file that was pruned
        const auto found = seen_.find(number);
        if (found == seen_.end())
            return fault("the end", how + ", which the files do not hold: they were cut or replaced");
        if (found->second != code) fault("the whole", how + ", with another code: the files were made anew");
    }

    const Key& key_;
    std::span<const store::AuditAnchor> anchors_;
    const std::optional<KnownSeal>& known_;
    Verification result_;
    std::uint64_t number_ = 0;
    std::uint64_t forgotten_ = 0;  // the last seal that was pruned
    std::optional<Uuid> chain_;
    Before before_{Sha256{}, 0};
    std::map<std::uint64_t, Sha256> seen_;
};

}  // namespace

Result<Verification> verify(const std::filesystem::path& folder, const Key& key,
                            std::span<const store::AuditAnchor> anchors, const std::optional<KnownSeal>& known) {
    return Verifier(key, anchors, known).run(folder);
}

}  // namespace cvstroom::audit
