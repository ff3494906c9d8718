#include "cli/sandbox_home.hpp"

#include <fmt/format.h>

#include <fstream>

#include "cli/open_store.hpp"
#include "cli/progress.hpp"
#include "http/self_signed.hpp"
#include "partner/partners.hpp"
#include "sandbox/generator.hpp"
#include "sandbox/seed_candidates.hpp"
#include "store/bulk_load.hpp"

namespace cvstroom::cli {
namespace {

constexpr int certificate_days = 365;
constexpr std::string_view unfinished = "unfinished\n";

std::string describe(const SandboxContents& contents) {
    return fmt::format("cvs={} seed={} format=1\n", contents.cvs, contents.seed);
}

std::string read_file(const std::filesystem::path& file) {
    std::ifstream input(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(input), {}};
}

// The file is made with its rights before anything stands in it.
Result<void> write_private(const std::filesystem::path& file, std::string_view text) {
    std::filesystem::remove(file);
    std::ofstream output(file, std::ios::binary);
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    output << text;
    output.close();
    if (!output) return fail(ErrorCode::io, "cannot be written", file.string());
    return {};
}

Result<void> clear(const SandboxHome& home) {
    std::error_code error;
    std::filesystem::create_directories(home.folder, error);
    if (error) return fail(ErrorCode::io, error.message(), home.folder.string());
    std::filesystem::remove(home.progress(), error);
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(home.database().string() + suffix, error);
    std::filesystem::remove_all(home.database().string() + ".audit", error);  // it belongs to the database's history
    return write_private(home.marker(), unfinished);
}

// The generated documents, then those of the API's description, which so are the newest.
Result<void> load_documents(const SandboxHome& home, const SandboxContents& contents,
                            const std::filesystem::path& resources) {
    const auto data = resources / "data";
    const auto generator = sandbox::Generator::load(data, contents.seed);
    if (!generator) return tl::unexpected(generator.error());
    const auto described = sandbox::load_seed_candidates(data);
    if (!described) return tl::unexpected(described.error());
    const auto lists = open_lists(resources);
    if (!lists) return tl::unexpected(lists.error());
    const auto store = open_store(home.database(), store::SqliteStore::Mode::create_if_missing);
    if (!store) return tl::unexpected(store.error());
    const std::uint64_t total = contents.cvs + described->size();
    Progress progress("loading the sandbox", "CVs", total);
    std::uint64_t next = 0;
    const auto next_document = [&](std::string& line) {
        if (next == total) return false;
        line.clear();
        if (next < contents.cvs) {
            (*generator)->append(next, line);
        } else {
            line = (*described)[next - contents.cvs];
        }
        ++next;
        return true;
    };
    Result<void> outcome;
    std::uint64_t done = 0;
    const auto summary = store::load_lines(
        **store, [&] { return *lists; }, next_document,
        [&](const store::LineOutcome& line) {
            progress.update(++done);
            if (line.faults.empty() || !outcome) return;
            outcome = fail(ErrorCode::corrupt, line.faults.front().pointer + ": " + line.faults.front().message,
                           fmt::format("sandbox document {}", line.line));
        });
    if (!summary) return tl::unexpected(summary.error());
    progress.finish(done);
    return outcome;
}

Result<void> issue_keys(const SandboxHome& home) {
    const auto store = open_store(home.database(), store::SqliteStore::Mode::open_existing);
    if (!store) return tl::unexpected(store.error());
    partner::Partners partners(**store, system_clock());
    const std::string name = "Sandbox partner";
    const std::vector<std::string> products{std::string(partner::product_cv), std::string(partner::product_reference)};
    // Limits that no example nor benchmark meets; 'cvstroom partner limits' sets others.
    const partner::Limits limits{partner::most_per_minute, partner::most_per_day};
    if (auto ready = partners.take_through(name, products, limits, "cvstroom sandbox"); !ready) {
        return tl::unexpected(ready.error());
    }
    const auto for_partner = partners.issue_key(name, "", std::nullopt, "cvstroom sandbox");
    if (!for_partner) return tl::unexpected(for_partner.error());
    const auto for_provider = partners.issue_administration_key("Sandbox provider", std::nullopt, "cvstroom sandbox");
    if (!for_provider) return tl::unexpected(for_provider.error());
    if (auto done = write_private(home.partner_key(), for_partner->secret + "\n"); !done) return done;
    return write_private(home.administration_key(), for_provider->secret + "\n");
}

}  // namespace

Result<void> prepare_sandbox(const SandboxHome& home, const SandboxContents& contents,
                             const std::filesystem::path& resources) {
    const auto marker = read_file(home.marker());
    if (marker == describe(contents)) return {};
    if (marker.empty() && std::filesystem::exists(home.database())) {
        return fail(ErrorCode::conflict, "holds a database that is no sandbox; choose another --folder",
                    home.folder.string());
    }
    if (!marker.empty() && marker != unfinished) {
        fmt::print(stderr, "The sandbox holds other CVs ({}); making it anew.\n", marker.substr(0, marker.size() - 1));
    }
    if (auto done = clear(home); !done) return done;
    if (auto done = http::write_self_signed(home.certificate(), home.private_key(), certificate_days); !done)
        return done;
    if (auto done = load_documents(home, contents, resources); !done) return done;
    if (auto done = issue_keys(home); !done) return done;
    return write_private(home.marker(), describe(contents));
}

Result<std::string> read_key_file(const std::filesystem::path& file) {
    std::string key = read_file(file);
    while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
    if (key.empty()) return fail(ErrorCode::not_found, "holds no key", file.string());
    return key;
}

}  // namespace cvstroom::cli
