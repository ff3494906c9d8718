#include "audit/letterbox.hpp"

#include <spdlog/spdlog.h>

#include <fstream>
#include <future>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "audit/folder.hpp"
#include "audit/record_line.hpp"
#include "base/durable_file.hpp"

namespace cvstroom::audit {
namespace {

constexpr const char* letter_suffix = ".letter";
constexpr const char* refused_suffix = ".refused";
constexpr std::chrono::milliseconds look_interval{20};
constexpr int looks_a_try = 10;

Sha256 letter_code(const Key& key, std::string_view lines) {
    return hmac_sha256(key, "cvstroom audit letter 1\n" + std::string(lines));
}

// Waits until all of them are durable.
bool record_all(Recorder& recorder, std::span<const Entry> entries) {
    std::vector<std::promise<bool>> outcomes(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        recorder.record(entries[i], [&outcome = outcomes[i]](bool is_recorded) { outcome.set_value(is_recorded); });
    }
    bool is_recorded = true;
    for (auto& outcome : outcomes) is_recorded = outcome.get_future().get() && is_recorded;
    return is_recorded;
}

// corrupt when it is not what somebody with the database's secret wrote.
Result<std::vector<Entry>> read_letter(const std::filesystem::path& path, const Key& key) {
    const auto text = read_whole(path);
    if (!text) return tl::unexpected(text.error());
    const auto first = text->find('\n');
    std::string_view lines = std::string_view(*text).substr(first == std::string::npos ? text->size() : first + 1);
    if (text->substr(0, first) != to_hex(letter_code(key, lines)))
        return fail(ErrorCode::corrupt, "is no letter of this database", path.string());
    std::vector<Entry> entries;
    while (!lines.empty()) {
        const auto end = lines.find('\n');
        auto entry = read_record(lines.substr(0, end));
        if (!entry) return fail(ErrorCode::corrupt, "has a line that is no record", path.string());
        entries.push_back(std::move(*entry));
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
    }
    return entries;
}

// Whose recorder it is may be gone before it looked, or be another command that takes in no letters: who can record is
// then the one that waits.
Result<void> record_here(const RecorderConfig& config, const Key& key, store::AnchorStore& anchors,
                         const Clock& clock) {
    const auto recorder = Recorder::open(config, key, anchors, clock);
    return recorder ? take_letters(config.journal.folder, key, **recorder) : Result<void>{};
}

Result<void> leave_letter(const RecorderConfig& config, const Key& key, store::AnchorStore& anchors, const Clock& clock,
                          std::span<const Entry> entries, std::chrono::milliseconds patience) {
    const auto& folder = config.journal.folder;
    std::string lines;
    for (const auto& entry : entries) append_record(lines, entry);
    const auto letter = folder / (Uuid::random().to_string() + letter_suffix);
    if (auto left = write_durably(letter, to_hex(letter_code(key, lines)) + "\n" + lines); !left) return left;
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::error_code ignored;  // a letter that cannot be seen is taken to be there, and removed below
    for (int looks = 1; std::filesystem::exists(letter, ignored); ++looks) {
        if (std::chrono::steady_clock::now() >= deadline) {
            std::filesystem::remove(letter, ignored);
            return fail(ErrorCode::unavailable, "the server that records here does not take in what is to be recorded",
                        folder.string());
        }
        std::this_thread::sleep_for(look_interval);
        if (looks % looks_a_try != 0) continue;
        if (auto recorded = record_here(config, key, anchors, clock); !recorded) return recorded;
    }
    return {};
}

}  // namespace

Result<void> record_beside(const std::filesystem::path& folder, const Key& key, store::AnchorStore& anchors,
                           const Clock& clock, std::span<const Entry> entries, std::chrono::milliseconds patience) {
    RecorderConfig config;
    config.journal.folder = folder;
    auto recorder = Recorder::open(config, key, anchors, clock);
    if (!recorder) {
        if (recorder.error().code != ErrorCode::conflict) return tl::unexpected(recorder.error());
        return leave_letter(config, key, anchors, clock, entries, patience);
    }
    if (record_all(**recorder, entries)) return {};
    return fail(ErrorCode::io, (*recorder)->status().failure, folder.string());
}

Result<void> take_letters(const std::filesystem::path& folder, const Key& key, Recorder& recorder) {
    std::error_code error;
    std::vector<std::filesystem::path> letters;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == letter_suffix) letters.push_back(entry.path());
    }
    if (error) return fail(ErrorCode::io, error.message(), folder.string());
    for (const auto& letter : letters) {
        const auto entries = read_letter(letter, key);
        if (!entries) {
            spdlog::error("{}; it is put aside", to_string(entries.error()));
            std::filesystem::rename(letter, letter.string() + refused_suffix, error);
        } else if (record_all(recorder, *entries)) {
            std::filesystem::remove(letter, error);
        }
        if (error) return fail(ErrorCode::io, error.message(), letter.string());
    }
    return {};
}

}  // namespace cvstroom::audit
