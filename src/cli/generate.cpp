// cvstroom generate: documents of fictional persons.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <iostream>
#include <memory>
#include <thread>

#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/open_store.hpp"
#include "cli/progress.hpp"
#include "sandbox/generator.hpp"
#include "store/loaded_lists.hpp"

namespace cvstroom::cli {
namespace {

constexpr std::uint64_t chunk_size = 1000;

struct Options {
    std::uint64_t count = 1000;
    std::uint64_t seed = 1;
    std::filesystem::path file = "-";
    std::filesystem::path database;
};

std::string make_chunk(const sandbox::Generator& generator, std::uint64_t first, std::uint64_t last) {
    std::string text;
    for (std::uint64_t number = first; number < last; ++number) {
        generator.append(number, text);
        text += '\n';
    }
    return text;
}

// The code lists that the database's provider has loaded; none without a database.
Result<reference::ReplacedLists> replaced_lists(const Options& options) {
    if (options.database.empty()) return reference::ReplacedLists{};
    const auto store = open_store(options.database, store::SqliteStore::Mode::open_existing);
    if (!store) return tl::unexpected(store.error());
    return store::loaded_lists(**store);
}

int run_generate(const Options& options, const Program& program) {
    const auto replaced = replaced_lists(options);
    if (!replaced) return report_failure(to_string(replaced.error()));
    const auto generator = sandbox::Generator::load(program.resources / "data", options.seed, *replaced);
    if (!generator) return report_failure(to_string(generator.error()));
    std::ofstream file;
    const bool is_standard_output = options.file == "-";
    if (!is_standard_output) file.open(options.file, std::ios::binary | std::ios::trunc);
    std::ostream& output = is_standard_output ? std::cout : file;
    Progress progress("generating", "CVs", options.count);
    const std::uint64_t workers = std::max(1U, std::thread::hardware_concurrency());
    for (std::uint64_t done = 0; done < options.count && output;) {
        std::vector<std::future<std::string>> chunks;
        for (std::uint64_t worker = 0; worker < workers && done < options.count; ++worker) {
            const std::uint64_t last = std::min(done + chunk_size, options.count);
            chunks.push_back(std::async(std::launch::async, make_chunk, std::cref(**generator), done, last));
            done = last;
        }
        for (auto& chunk : chunks) output << chunk.get();
        progress.update(done);
    }
    output.flush();
    if (!output) return report_failure(fmt::format("{}: cannot be written", options.file.string()));
    progress.finish(options.count);
    return exit_success;
}

}  // namespace

void add_generate(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("generate", "make realistic CVs of fictional persons (NDJSON)");
    command->add_option("--count", options->count, "how many")->capture_default_str();
    command->add_option("--seed", options->seed, "the same seed gives the same CVs")->capture_default_str();
    command->add_option("--output", options->file, "the file; - for standard output")->capture_default_str();
    command->add_option("--database", options->database, "use the code lists that were loaded into this database");
    command->footer("Example:  cvstroom generate --count 100000 --output cvs.ndjson");
    command->callback(
        [options, &program] { program.run = [options, &program] { return run_generate(*options, program); }; });
}

}  // namespace cvstroom::cli
