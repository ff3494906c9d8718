#include "audit/prune.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <fstream>
#include <vector>

#include "audit/folder.hpp"
#include "audit/query.hpp"
#include "audit/record_line.hpp"
#include "audit/scan.hpp"
#include "audit/verify.hpp"
#include "base/durable_file.hpp"
#include "base/json_writer.hpp"

namespace cvstroom::audit {
namespace {

constexpr std::string_view code_key = ",\"code\":\"";

// What the code covers begins with this, so that it can be taken for no other code of the same key.
Sha256 statement_code(const Key& key, std::string_view covered) {
    return hmac_sha256(key, "cvstroom audit pruned 1\n" + std::string(covered));
}

std::string make_statement(const Key& key, const Pruned& pruned) {
    std::string text;
    JsonWriter json(text);
    json.begin_object().member("pruned", pruned.file).member("chain", pruned.chain).member("seal", pruned.seal);
    json.member("sealCode", to_hex(pruned.code)).member("until", format_instant(pruned.until));
    json.member("at", format_instant(pruned.at)).member("by", pruned.by);
    text += code_key;
    text += to_hex(statement_code(key, text));
    return text + "\"}\n";
}

// The form is known to be right: the code was.
std::optional<Pruned> parse_statement(std::string_view text) {
    simdjson::dom::parser parser;
    simdjson::dom::object object;
    if (parser.parse(text.data(), text.size()).get(object) != simdjson::SUCCESS) return std::nullopt;
    Pruned pruned;
    std::string_view chain, code, until, at, by;
    if (object["pruned"].get(pruned.file) != simdjson::SUCCESS ||
        object["seal"].get(pruned.seal) != simdjson::SUCCESS || object["chain"].get(chain) != simdjson::SUCCESS ||
        object["sealCode"].get(code) != simdjson::SUCCESS || object["until"].get(until) != simdjson::SUCCESS ||
        object["at"].get(at) != simdjson::SUCCESS || object["by"].get(by) != simdjson::SUCCESS) {
        return std::nullopt;
    }
    const auto id = Uuid::parse(chain);
    const auto parsed_code = parse_code(code);
    const auto parsed_until = parse_instant(until);
    const auto parsed_at = parse_instant(at);
    if (!id || !parsed_code || !parsed_until || !parsed_at) return std::nullopt;
    pruned.chain = *id;
    pruned.code = *parsed_code;
    pruned.until = *parsed_until;
    pruned.at = *parsed_at;
    pruned.by = by;
    return pruned;
}

Result<Header> header_of(const AuditFile& file) {
    std::ifstream input(file.path, std::ios::binary);
    std::string line;
    std::getline(input, line);
    const auto header = read_header(line);
    if (!header) return fail(ErrorCode::corrupt, "has no header of an audit", file.path.string());
    return *header;
}

// A file's records are older than the next one's beginning; but a clock that was turned back puts later ones there, so
// that each of them is looked at too.
Result<std::size_t> count_older(const std::vector<AuditFile>& files, Instant before) {
    std::size_t count = 0;
    while (count + 1 < files.size()) {
        const auto next = header_of(files[count + 1]);
        if (!next) return tl::unexpected(next.error());
        if (next->opened > before) break;
        const auto has_later = has_record_since(files[count].path, before);
        if (!has_later) return tl::unexpected(has_later.error());
        if (*has_later) break;
        ++count;
    }
    return count;
}

// How far it will be pruned when `last` is the last file that goes and `next` the first that stays.
Result<Pruned> describe(const AuditFile& last, const AuditFile& next, const Key& key, const PruneRequest& request) {
    const auto header = header_of(next);
    if (!header) return tl::unexpected(header.error());
    const auto content = read_whole(last.path);
    if (!content) return tl::unexpected(content.error());
    const Scan scan = scan_file(*content, key, {});
    if (!scan.is_closed()) return fail(ErrorCode::corrupt, "has no closing seal", last.path.string());
    return Pruned{last.number,    header->chain, scan.last->number, scan.last->code,
                  header->opened, request.now,   request.by};
}

Result<void> refuse_when_wrong(const std::filesystem::path& folder, const Key& key,
                               std::span<const store::AuditAnchor> anchors) {
    const auto verified = verify(folder, key, anchors);
    if (!verified) return tl::unexpected(verified.error());
    if (verified->faults.empty()) return {};
    const auto& fault = verified->faults.front();
    return fail(ErrorCode::conflict,
                fmt::format("{}: {}; nothing is removed from an audit that is not whole: it is evidence", fault.where,
                            fault.what),
                folder.string());
}

}  // namespace

Result<std::optional<Pruned>> read_pruned(const std::filesystem::path& folder, const Key& key) {
    const auto path = folder / pruned_name;
    std::error_code ignored;  // a file that cannot be seen cannot be read either
    if (!std::filesystem::exists(path, ignored)) return std::optional<Pruned>{};
    const auto text = read_whole(path);
    if (!text) return tl::unexpected(text.error());
    const auto covered = std::string_view(*text).substr(0, text->rfind(code_key) + code_key.size());
    const bool is_sealed = text->rfind(code_key) != std::string::npos &&
                           *text == std::string(covered) + to_hex(statement_code(key, covered)) + "\"}\n";
    auto pruned = is_sealed ? parse_statement(*text) : std::nullopt;
    if (!pruned) return fail(ErrorCode::corrupt, "is not what this database sealed", path.string());
    return pruned;
}

Result<PruneResult> prune(const std::filesystem::path& folder, const Key& key,
                          std::span<const store::AuditAnchor> anchors, const PruneRequest& request) {
    if (auto whole = refuse_when_wrong(folder, key, anchors); !whole) return tl::unexpected(whole.error());
    auto known = read_pruned(folder, key);
    if (!known) return tl::unexpected(known.error());
    const auto files = list_files(folder);
    if (!files) return tl::unexpected(files.error());
    const auto count = count_older(*files, request.before);
    if (!count) return tl::unexpected(count.error());
    PruneResult result{0, 0, *known};
    if (*count == 0) return result;
    const auto& last = (*files)[*count - 1];
    const bool goes_further = !result.pruned || last.number > result.pruned->file;
    if (goes_further) {
        auto pruned = describe(last, (*files)[*count], key, request);
        if (!pruned) return tl::unexpected(pruned.error());
        result.pruned = std::move(*pruned);
    }
    // The statement before the first file goes: without it, the audit would look cut.
    if (goes_further && !request.is_trial) {
        if (auto written = write_durably(folder / pruned_name, make_statement(key, *result.pruned)); !written)
            return tl::unexpected(written.error());
    }
    for (std::size_t i = 0; i < *count; ++i) {
        std::error_code error;
        const auto size = std::filesystem::file_size((*files)[i].path, error);
        if (!error && !request.is_trial) std::filesystem::remove((*files)[i].path, error);
        if (error) return fail(ErrorCode::io, error.message(), (*files)[i].path.string());
        result.files += 1;
        result.bytes += size;
    }
    if (request.is_trial) return result;
    if (auto synced = sync_folder(folder); !synced) return tl::unexpected(synced.error());
    return result;
}

}  // namespace cvstroom::audit
