// cvstroom mirror: a partner's own copy of a CV API, always right.
#include <fmt/format.h>
#include <pthread.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <memory>
#include <thread>

#include "base/json_writer.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/exit_code.hpp"
#include "cli/mirror_report.hpp"
#include "mirror/mirror.hpp"
#include "mirror/seed_mirror.hpp"
#include "mirror/verify.hpp"

namespace cvstroom::cli {
namespace {

struct Options {
    std::string from;
    std::filesystem::path key_file;
    std::string to;
    std::string ca_file;
    std::string profile = "cvstroom";
    mirror::MirrorOptions mirror;
    unsigned interval_seconds = 0;  // 0: what suits the profile
    double look_back_minutes = 15;
    double reconcile_hours = 24;
    bool sends_no_receipts = false;
    bool has_no_streams = false;
    bool json = false;
    bool repairs = false;
    std::filesystem::path metrics_file;

    Result<void> check_source_and_target() const {
        if (from.empty())
            return fail(ErrorCode::invalid_input, "is missing: the API to mirror, such as https://localhost:8443",
                        "--from");
        if (key_file.empty()) return fail(ErrorCode::invalid_input, "is missing: the file with the key", "--key-file");
        if (to.empty()) return fail(ErrorCode::invalid_input, "is missing: the copy, such as sqlite:copy.db", "--to");
        return {};
    }
};

Result<std::string> read_key(const std::filesystem::path& file) {
    std::ifstream input(file);
    std::string line;
    if (!std::getline(input, line))
        return fail(ErrorCode::io, "the key cannot be read; its first line is the key", file.string());
    const auto key = trim(line);
    for (const char c : key) {
        if (c <= ' ' || c > '~') return fail(ErrorCode::invalid_input, "the first line is no key", file.string());
    }
    if (key.empty())
        return fail(ErrorCode::invalid_input, "the first line is empty; it should be the key", file.string());
    return std::string(key);
}

// SIGINT and SIGTERM set a flag: what is under way is given up, what is committed stays.
class StopOnSignal {
  public:
    StopOnSignal() {
        sigemptyset(&signals_);
        sigaddset(&signals_, SIGINT);
        sigaddset(&signals_, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
        waiter_ = std::thread([this] {
            const timespec moment{0, 100'000'000};
            while (!is_over_) {
                if (sigtimedwait(&signals_, nullptr, &moment) > 0) flag_ = true;
            }
        });
    }
    ~StopOnSignal() {
        is_over_ = true;
        waiter_.join();
    }
    StopOnSignal(const StopOnSignal&) = delete;
    StopOnSignal& operator=(const StopOnSignal&) = delete;

    const std::atomic<bool>* flag() const { return &flag_; }

  private:
    sigset_t signals_{};
    std::atomic<bool> flag_ = false;
    std::atomic<bool> is_over_ = false;
    std::thread waiter_;
};

// What the commands that talk to an API share.
struct Connected {
    std::unique_ptr<mirror::HttpClient> http;
    std::unique_ptr<mirror::Caller> caller;
    std::unique_ptr<mirror::CvApi> api;
};

Result<Connected> connect(const Options& options, const std::atomic<bool>* stop, mirror::Observer& observer) {
    auto base = mirror::api_base(options.from);
    if (!base) return tl::unexpected(base.error());
    auto key = read_key(options.key_file);
    if (!key) return tl::unexpected(key.error());
    mirror::HttpConfig config;
    config.ca_file = options.ca_file;
    config.stop = stop;
    // On the same machine the wire costs nothing, and compressing would.
    config.accepts_compression =
        base->find("//localhost") == std::string::npos && base->find("//127.") == std::string::npos;
    auto http = mirror::HttpClient::open(config);
    if (!http) return tl::unexpected(http.error());
    Connected connected;
    connected.http = std::move(*http);
    connected.caller =
        std::make_unique<mirror::Caller>(*connected.http, std::move(*key), mirror::RetryPolicy{}, observer);
    connected.api = std::make_unique<mirror::CvApi>(*connected.caller, std::move(*base));
    return connected;
}

std::chrono::seconds seconds_of(double count, int unit) {
    return std::chrono::seconds{static_cast<std::int64_t>(count * unit)};
}

Result<void> run_profile(const Options& options, mirror::CvApi& api, mirror::Sink& sink, mirror::Observer& observer) {
    if (options.profile == "seed") {
        mirror::SeedOptions seed;
        seed.follows = options.mirror.follows;
        if (options.interval_seconds > 0) seed.interval = std::chrono::seconds{options.interval_seconds};
        seed.look_back = seconds_of(options.look_back_minutes, 60);
        seed.reconcile_every = seconds_of(options.reconcile_hours, 3600);
        return mirror::SeedMirror(api, sink, observer, seed).run();
    }
    auto settings = options.mirror;
    if (options.interval_seconds > 0) settings.interval = std::chrono::seconds{options.interval_seconds};
    settings.may_stream = !options.has_no_streams;
    settings.confirms = !options.sends_no_receipts;
    return mirror::Mirror(api, sink, observer, settings).run();
}

int run_mirror(const Options& options) {
    if (const auto done = options.check_source_and_target(); !done) {
        report_failure(to_string(done.error()));
        return exit_usage;
    }
    const StopOnSignal stop;
    MirrorReport report({options.json, options.metrics_file});
    auto connected = connect(options, stop.flag(), report);
    if (!connected) return report_failure(to_string(connected.error()));
    auto sink = mirror::open_sink(options.to, mirror::Access::read_write);
    if (!sink) return report_failure(to_string(sink.error()));
    const auto done = run_profile(options, *connected->api, **sink, report);
    report.finish(**sink, connected->caller->traffic(), done ? "" : to_string(done.error()));
    if (!done) return report_failure(to_string(done.error()));
    const auto unresolved = (*sink)->unresolved();
    return unresolved && !unresolved->empty() ? exit_partial : exit_success;
}

void print_state(const mirror::State& state, std::uint64_t held, std::size_t unresolved, bool json) {
    if (json) {
        std::string line;
        JsonWriter writer(line);
        writer.begin_object();
        for (const auto& [name, value] : mirror::to_members(state)) {
            if (name != "cursor") writer.member(name, value);
        }
        writer.member("held", held).member("unresolved", unresolved).end_object();
        fmt::print("{}\n", line);
        return;
    }
    fmt::print(
        "source         {}\nprofile        {}\nphase          {}{}\nheld           {} CVs\ncovered until  {}\nlast "
        "success   {}\nunresolved     {}\n",
        state.source, state.profile, mirror::name(state.phase),
        state.phase == mirror::Phase::listing ? fmt::format(" ({} of {})", state.listed, state.list_total) : "", held,
        state.covered_until.empty() ? "-" : state.covered_until,
        state.succeeded_at.empty() ? "never" : state.succeeded_at, unresolved);
}

int show_status(const Options& options) {
    auto sink = mirror::open_sink(options.to, mirror::Access::read_only);
    if (!sink) return report_failure(to_string(sink.error()));
    const auto state = (*sink)->state();
    if (!state) return report_failure(to_string(state.error()));
    const auto held = (*sink)->count();
    if (!held) return report_failure(to_string(held.error()));
    const auto unresolved = (*sink)->unresolved();
    if (!unresolved) return report_failure(to_string(unresolved.error()));
    print_state(*state, *held, unresolved->size(), options.json);
    for (const auto& each : *unresolved) {
        if (!options.json) fmt::print("  {}  {}\n", each.cv.to_string(), each.reason);
    }
    return exit_success;
}

void print_report(const mirror::VerifyReport& report, bool json) {
    if (json) {
        std::string line;
        JsonWriter writer(line);
        writer.begin_object()
            .member("equal", report.differences.empty())
            .member("at", report.at)
            .member("held", report.held);
        writer.member("requests", report.requests).member("repaired", report.repaired);
        writer.member("orphans_removed", report.orphans_removed).key("differences").begin_array();
        for (const auto& each : report.differences) {
            writer.begin_object()
                .member("cvId", each.cv)
                .member("kind", mirror::name(each.kind))
                .member("held_version", each.ours)
                .end_object();
        }
        writer.end_array().end_object();
        fmt::print("{}\n", line);
        return;
    }
    if (report.orphans_removed > 0) {
        fmt::print("rows of {} CVs without their row in 'cv' were removed: somebody deleted by hand\n",
                   report.orphans_removed);
    }
    if (report.differences.empty()) {
        fmt::print("equal: {} CVs, as published at {} ({} request{})\n", report.held, report.at, report.requests,
                   report.requests == 1 ? "" : "s");
        return;
    }
    fmt::print("{} of {} CVs differ from what was published at {} ({} requests)\n", report.differences.size(),
               report.held, report.at, report.requests);
    for (const auto& each : report.differences) fmt::print("  {}  {}\n", each.cv.to_string(), mirror::name(each.kind));
    if (report.repaired > 0) fmt::print("all repaired\n");
}

int verify_copy(const Options& options) {
    if (const auto done = options.check_source_and_target(); !done) return report_failure(to_string(done.error()));
    const StopOnSignal stop;
    MirrorReport report({options.json, {}});
    const auto connected = connect(options, stop.flag(), report);
    if (!connected) return report_failure(to_string(connected.error()));
    auto sink = mirror::open_sink(options.to, options.repairs ? mirror::Access::read_write : mirror::Access::read_only);
    if (!sink) return report_failure(to_string(sink.error()));
    const auto found = mirror::verify(*connected->api, **sink, options.repairs);
    if (!found) return report_failure(to_string(found.error()));
    print_report(*found, options.json);
    return found->differences.size() > found->repaired ? exit_partial : exit_success;
}

void add_source_options(CLI::App& command, Options& options) {
    command.add_option("--from", options.from, "the API: https://host[:port], or with the path of another base");
    command.add_option("--key-file", options.key_file,
                       "file whose first line is the key; keep it readable for you alone");
    command.add_option("--ca-file", options.ca_file, "authorities to trust, PEM; the system's without it");
}

void add_target_option(CLI::App& command, Options& options) {
    command.add_option("--to", options.to, "the copy: sqlite:FILE, postgresql://… or ndjson:DIR");
}

void add_status(CLI::App& command, const std::shared_ptr<Options>& options, Program& program) {
    auto* status = command.add_subcommand("status", "where a copy stands; asks the API nothing");
    add_target_option(*status, *options);
    status->get_option("--to")->required();
    status->add_flag("--json", options->json, "one JSON object");
    status->callback([options, &program] { program.run = [options] { return show_status(*options); }; });
}

void add_verify(CLI::App& command, const std::shared_ptr<Options>& options, Program& program) {
    auto* verify = command.add_subcommand("verify", "prove that a copy equals its source, or find what differs");
    add_source_options(*verify, *options);
    add_target_option(*verify, *options);
    verify->add_flag("--repair", options->repairs, "fetch what differs, remove what should not be there");
    verify->add_flag("--json", options->json, "one JSON object");
    verify->footer(
        "Compares digests: one request when the copy is equal, a handful when something differs.\n"
        "Exit code: 0 equal (or repaired), 3 something differs, 1 it could not be told.");
    verify->callback([options, &program] { program.run = [options] { return verify_copy(*options); }; });
}

}  // namespace

void add_mirror(CLI::App& app, Program& program) {
    auto options = std::make_shared<Options>();
    auto* command = app.add_subcommand("mirror", "keep a copy of a CV API in a database of your own");
    add_source_options(*command, *options);
    add_target_option(*command, *options);
    command->add_option("--profile", options->profile, "cvstroom, or seed: an API with VDAB's three calls alone")
        ->check(CLI::IsMember({"cvstroom", "seed"}))
        ->capture_default_str();
    command->add_flag("--follow", options->mirror.follows, "go on after the first pass, until Ctrl-C or SIGTERM");
    command->add_option("--interval", options->interval_seconds,
                        "seconds between looks, where the API cannot wait for changes by itself (10; seed: 60)");
    command
        ->add_option("--look-back", options->look_back_minutes,
                     "seed: minutes that windows overlap, for commits that come late")
        ->capture_default_str();
    command
        ->add_option("--reconcile-every", options->reconcile_hours,
                     "seed: hours after which every CV is fetched and compared anew; 0: in every pass")
        ->capture_default_str();
    command->add_flag("--no-stream", options->has_no_streams, "pages and batches, also where the API has streams");
    command->add_flag("--no-receipts", options->sends_no_receipts,
                      "do not tell the API how far its changes have been applied");
    command->add_flag("--json", options->json, "events on standard output, one JSON object a line");
    command->add_option("--metrics-file", options->metrics_file,
                        "figures for Prometheus (textfile collector), rewritten as it goes");
    command->footer(
        "The first pass lists everything; later ones fetch what changed, and remove what is no longer published.\n"
        "Stop it, or kill it, when you like: the next run goes on from the last commit. docs/mirror.md has the "
        "tables.\n"
        "Exit code: 0 the copy is equal, 3 equal but for CVs that could not be learnt (listed), 1 stopped before "
        "that.\n"
        "Example:  cvstroom mirror --from https://localhost:8443 --ca-file var/sandbox/certificate.pem \\\n"
        "            --key-file var/sandbox/partner.key --to sqlite:copy.db");
    add_verify(*command, options, program);
    add_status(*command, options, program);
    command->callback([command, options, &program] {
        if (!command->get_subcommands().empty()) return;
        program.run = [options] { return run_mirror(*options); };
    });
}

}  // namespace cvstroom::cli
