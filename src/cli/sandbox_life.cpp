#include "cli/sandbox_life.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "cli/open_store.hpp"

namespace cvstroom::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::uint64_t most_in_one_write = 200;
constexpr std::chrono::seconds pause_after_failure{1};

// Nothing when the file is not there: a sandbox that has not lived yet.
Result<std::uint64_t> read_progress(const std::filesystem::path& file) {
    std::ifstream input(file);
    if (!input) return std::uint64_t{0};
    std::string text;
    std::getline(input, text);
    const auto steps = parse_unsigned(text);
    if (!steps) return fail(ErrorCode::corrupt, "holds no number of steps; remove the sandbox's folder", file.string());
    return *steps;
}

// Whole or not at all: a reader never sees half a number.
void write_progress(const std::filesystem::path& file, std::uint64_t steps) {
    const std::filesystem::path fresh = file.string() + ".new";
    std::ofstream output(fresh);
    output << steps << '\n';
    output.close();
    std::error_code error;
    if (output) std::filesystem::rename(fresh, file, error);
    if (!output || error) spdlog::warn("{} cannot be written: the sandbox will repeat its last changes", file.string());
}

}  // namespace

SandboxLife::SandboxLife(std::filesystem::path progress, double per_minute,
                         std::shared_ptr<const reference::ReferenceData> lists,
                         std::unique_ptr<const sandbox::Generator> generator, std::unique_ptr<store::SqliteStore> store,
                         const SandboxContents& contents)
    : progress_(std::move(progress)),
      per_minute_(per_minute),
      lists_(std::move(lists)),
      generator_(std::move(generator)),
      store_(std::move(store)),
      history_(*generator_, contents.cvs, contents.seed),
      intake_(*lists_) {}

Result<std::unique_ptr<SandboxLife>> SandboxLife::open(const SandboxHome& home, const SandboxContents& contents,
                                                       double per_minute, const std::filesystem::path& resources) {
    const auto taken = read_progress(home.progress());
    if (!taken) return tl::unexpected(taken.error());
    auto lists = open_lists(resources);
    if (!lists) return tl::unexpected(lists.error());
    auto generator = sandbox::Generator::load(resources / "data", contents.seed);
    if (!generator) return tl::unexpected(generator.error());
    auto store = open_store(home.database(), store::SqliteStore::Mode::open_existing);
    if (!store) return tl::unexpected(store.error());
    std::unique_ptr<SandboxLife> life(new SandboxLife(home.progress(), per_minute, std::move(*lists),
                                                      std::move(*generator), std::move(*store), contents));
    life->history_.skip(*taken);
    return life;
}

void SandboxLife::start() {
    thread_ = std::thread([this] { run(); });
}

void SandboxLife::stop() {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

// True when it is time to stop.
bool SandboxLife::wait(steady_clock::time_point until) {
    std::unique_lock lock(mutex_);
    return wake_.wait_until(lock, until, [this] { return is_stopping_; });
}

// By the count that is due, not by pauses: the rate holds however long the writes take.
void SandboxLife::run() {
    const auto begin = steady_clock::now();
    const std::chrono::duration<double, std::ratio<60>> each{1.0 / per_minute_};
    std::uint64_t done = 0;
    for (;;) {
        const auto next = begin + std::chrono::duration_cast<steady_clock::duration>(each * double(done + 1));
        if (wait(next)) return;
        const double elapsed = (steady_clock::now() - begin) / each;
        const auto due = std::max(done + 1, static_cast<std::uint64_t>(elapsed));
        const std::uint64_t steps = std::min(due - done, most_in_one_write);
        take(steps);
        done += steps;
    }
}

void SandboxLife::take(std::uint64_t steps) {
    std::vector<store::Write> writes;
    for (; steps > 0; --steps) {
        const auto step = history_.next();
        if (!may_take(step)) continue;
        auto write = intake_.prepare(step.document);
        if (write) {
            writes.push_back(std::move(*write));
        } else {
            const auto& fault = write.error().front();
            spdlog::error("step {} of the sandbox is wrong: {}: {}", step.number, fault.pointer, fault.message);
        }
    }
    if (append(writes)) write_progress(progress_, history_.taken());
}

bool SandboxLife::may_take(const sandbox::Step& step) {
    if (step.kind == sandbox::ChangeKind::bring_back || step.kind == sandbox::ChangeKind::add) return true;
    const auto current = store_->current(step.cv);
    return !current || (*current && (*current)->status != candidate::Status::erased);
}

// Until it is stored, or the sandbox stops: a step that is left out would make another history.
bool SandboxLife::append(const std::vector<store::Write>& writes) {
    if (writes.empty()) return true;
    bool is_told = false;
    for (;;) {
        const auto results = store_->append(writes);
        if (results) return true;
        if (!std::exchange(is_told, true)) spdlog::warn("the sandbox's changes wait: {}", to_string(results.error()));
        if (wait(steady_clock::now() + pause_after_failure)) return false;
    }
}

}  // namespace cvstroom::cli
