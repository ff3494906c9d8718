#include "audit/scan.hpp"

#include <utility>

namespace cvstroom::audit {
namespace {

class Scanner {
  public:
    Scanner(std::string_view content, const Key& key, const Before& before,
            const std::function<void(const Seal&)>& on_seal)
        : content_(content), key_(key), before_(before), on_seal_(on_seal) {}

    Scan run() {
        while (scan_.fault.empty() && !scan_.is_torn && position_ < content_.size()) {
            const auto end = content_.find('\n', position_);
            if (end == std::string_view::npos) break;  // a line that was cut off
            ++line_;
            take(content_.substr(position_, end - position_));
            position_ = end + 1;
            if (is_seal_taken_) finish_group();
        }
        scan_.unfinished = content_.size() - scan_.end;
        return std::move(scan_);
    }

  private:
    void fault(std::string message) {
        scan_.fault_line = line_;
        scan_.fault = std::move(message);
    }

    // Blocks of the last group may reach the disk in any order. Where one did not, there are the zeros that were kept
    // ready for it, and a line never holds one.
    void fault_or_tear(std::string message) {
        scan_.is_torn = content_.find('\0', group_begin_) != std::string_view::npos;
        if (!scan_.is_torn) fault(std::move(message));
    }

    void take(std::string_view line) {
        is_seal_taken_ = false;
        if (line_ == 1) return take_header(line);
        if (scan_.is_closed()) return fault("something stands after the file's closing seal");
        if (is_seal(line)) return take_seal(line);
        ++records_;
    }

    void take_header(std::string_view line) {
        scan_.header = read_header(line);
        if (!scan_.header) return fault_or_tear("the file does not begin with an audit's header");
        if (before_.code && *before_.code != scan_.header->previous) {
            fault("the file does not follow the one before it");
        }
        code_ = scan_.header->previous;
    }

    void take_seal(std::string_view line) {
        const auto seal = read_seal(line);
        if (!seal) return fault_or_tear("this seal cannot be read");
        const auto group = content_.substr(group_begin_, position_ - group_begin_ + sealed_length(line));
        if (seal_code(key_, code_, group) != seal->code) {
            return fault_or_tear(
                "the records before this seal are not those that were sealed: changed, removed, added or moved");
        }
        // What follows can be wrong only in a seal that was made wrong: the code covers it.
        if (before_.seal && seal->number != *before_.seal + 1) return fault("seals are missing before this one");
        if (seal->records != records_) return fault("this seal counts other records than stand before it");
        before_.seal = seal->number;
        code_ = seal->code;
        scan_.last = seal;
        is_seal_taken_ = true;
    }

    void finish_group() {
        scan_.records += std::exchange(records_, 0);
        scan_.end = group_begin_ = position_;
        if (on_seal_) on_seal_(*scan_.last);
    }

    std::string_view content_;
    HmacSha256 key_;
    Before before_;
    const std::function<void(const Seal&)>& on_seal_;
    Scan scan_;
    Sha256 code_{};
    std::size_t position_ = 0;
    std::size_t group_begin_ = 0;
    std::size_t line_ = 0;
    std::uint64_t records_ = 0;
    bool is_seal_taken_ = false;
};

}  // namespace

Scan scan_file(std::string_view content, const Key& key, const Before& before,
               const std::function<void(const Seal&)>& on_seal) {
    return Scanner(content, key, before, on_seal).run();
}

}  // namespace cvstroom::audit
