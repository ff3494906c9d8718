// cvstroom receipts: which removals are still open at which partner.
#include "api/receipts.hpp"

#include <fmt/format.h>

#include <memory>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::filesystem::path database;
    bool json = false;
};

void print_receipt(const store::PartnerReceipt& receipt, Instant now) {
    const auto applied = receipt.last ? format_instant(receipt.last->covered) : std::string("never");
    fmt::print("{:30} applied up to {:27} {} open", receipt.partner, applied, receipt.open_count);
    if (!receipt.open.empty()) {
        const auto age = std::chrono::floor<std::chrono::hours>(now - receipt.open.front().since);
        fmt::print(", the oldest for {} hours ({})", age.count(), receipt.open.front().cv.to_string());
    }
    fmt::print("\n");
}

int show(const Options& options) {
    constexpr std::size_t most_listed = 100;
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return report_failure(to_string(store.error()));
    const auto receipts = (*store)->receipts(most_listed);
    if (!receipts) return report_failure(to_string(receipts.error()));
    if (options.json) {
        fmt::print("{}\n", api::receipts_json(*receipts));
        return exit_success;
    }
    if (receipts->empty()) fmt::print("No partner has a key for the feed.\n");
    for (const auto& receipt : *receipts) print_receipt(receipt, system_clock().now());
    return exit_success;
}

}  // namespace

void add_receipts(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command =
        app.add_subcommand("receipts", "which removals partners have not confirmed yet, and how old they are");
    command->add_option("--database", options->database, "SQLite file")->required();
    command->add_flag("--json", options->json, "as JSON, with up to 100 open removals a partner");
    command->footer(
        "A partner confirms with POST /kandidaten/bulk/ontvangst what it has applied; one that never did has all\n"
        "removals open.\n"
        "Example:  cvstroom receipts --database cv.db");
    command->callback([options, &program] { program.run = [options] { return show(*options); }; });
}

}  // namespace cvstroom::cli
