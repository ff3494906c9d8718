// The torture test: several processes write, the server is killed and started again, the network is cut, and clients
// with different methods follow. In the end each of them equals the store, document by document, every acknowledged
// write is there, and no window that was ever answered answers differently.
//   torture [--seconds N | --minutes N] [--seed S] [--writers W] [--cvs C]
// The seed makes the schedule: the same seed kills and cuts at the same moments after the start.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "store/document_codec.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "tests/torture/acknowledgement.hpp"
#include "tests/torture/cutting_proxy.hpp"
#include "tests/torture/real_mirror.hpp"
#include "tests/torture/small_mirror.hpp"
#include "tests/wire/running_program.hpp"

namespace cvstroom::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

struct Options {
    std::chrono::seconds lasts{15};
    std::uint64_t seed = std::random_device{}();
    unsigned writers = 3;
    std::uint64_t cvs = 400;
};

struct Survived {
    std::uint64_t server_kills = 0;
    std::uint64_t writer_kills = 0;
    std::uint64_t mirror_kills = 0;
    std::uint64_t outages = 0;
    std::uint64_t writes = 0;
};

// A writing process, and what it said was stored.
class Writer {
  public:
    Writer(std::string database, std::uint64_t seed, std::uint64_t cvs)
        : database_(std::move(database)), random_(seed), cvs_(cvs) {
        start();
    }
    ~Writer() { kill_hard(); }

    void start() {
        int ends[2];
        if (pipe(ends) != 0) throw std::runtime_error("no pipe");
        const std::string seed = std::to_string(random_());
        const std::string cvs = std::to_string(cvs_);
        process_ = fork();
        if (process_ == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            dup2(ends[1], STDOUT_FILENO);
            close(ends[0]);
            close(ends[1]);
            execl(TORTURE_WRITER, TORTURE_WRITER, database_.c_str(), seed.c_str(), cvs.c_str(), nullptr);
            _exit(127);
        }
        close(ends[1]);
        reader_ = std::thread([this, end = ends[0]] {
            Acknowledgement record;
            while (read(end, &record, sizeof record) == static_cast<ssize_t>(sizeof record)) said_.push_back(record);
            close(end);
        });
    }
    void kill_hard() {
        if (process_ <= 0) return;
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
        reader_.join();
        process_ = -1;
    }
    // Pre: killed.
    const std::vector<Acknowledgement>& said() const { return said_; }

  private:
    const std::string database_;
    std::mt19937_64 random_;
    const std::uint64_t cvs_;
    pid_t process_ = -1;
    std::thread reader_;
    std::vector<Acknowledgement> said_;
};

class Torture {
  public:
    explicit Torture(const Options& options)
        : options_(options), random_(options.seed), program_(std::vector<std::string>{}), proxy_(options.seed + 1) {
        proxy_.set_upstream(program_.port());
        for (unsigned i = 0; i < options.writers; ++i) {
            writers_.push_back(std::make_unique<Writer>(program_.database(), options.seed * 31 + i, options.cvs));
        }
        using Method = SmallMirror::Method;
        std::uint64_t seed = options.seed * 17;
        for (const auto method : {Method::windows, Method::cursor, Method::stream}) {
            mirrors_.push_back(std::make_unique<SmallMirror>(method, proxy_.port(), program_.key(), ++seed, ledger_));
        }
        using Arguments = std::vector<std::string>;
        real_mirrors_.push_back(std::make_unique<RealMirror>("mirror", program_, proxy_.port(), Arguments{}));
        real_mirrors_.push_back(
            std::make_unique<RealMirror>("seed", program_, proxy_.port(), Arguments{"--profile", "seed"}));
    }

    bool run() {
        const auto end = steady_clock::now() + options_.lasts;
        while (steady_clock::now() < end && !has_fault()) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50 + random_() % 500));
            disturb();
        }
        return settle() && compare() && ask_all_again();
    }

    void print() const {
        fmt::print(
            "seed {}: survived {} kills of the server, {} of writers, {} of mirrors, {} cut connections, {} outages\n",
            options_.seed, survived_.server_kills, survived_.writer_kills, survived_.mirror_kills, proxy_.cuts(),
            survived_.outages);
        fmt::print("{} acknowledged writes; {} pages of closed windows asked for again ({} more while it ran)\n",
                   survived_.writes, ledger_.pages().size(), ledger_.repeats());
        for (const auto& mirror : mirrors_) {
            const auto& counts = mirror->counts();
            fmt::print("{:<8} {} CVs equal; {} answers, {} entries, {} failures survived, {} streams resumed\n",
                       mirror->name(), mirror->copies().size(), counts.answers.load(), counts.entries.load(),
                       counts.failures.load(), counts.resumes.load());
        }
        for (const auto& mirror : real_mirrors_) {
            fmt::print("{:<8} {} CVs equal ('cvstroom mirror')\n", mirror->name(), mirror->documents().size());
        }
    }

  private:
    bool fail(const std::string& what) {
        fmt::print(stderr, "seed {}: {}\n", options_.seed, what);
        return false;
    }
    bool has_fault() const {
        for (const auto& mirror : mirrors_) {
            if (mirror->has_ended()) return true;
        }
        return false;
    }

    void disturb() {
        switch (random_() % 10) {
            case 0:
            case 1: {
                proxy_.set_upstream(0);
                program_.kill_hard();
                std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 200));
                program_.start();
                proxy_.set_upstream(program_.port());
                ++survived_.server_kills;
                break;
            }
            case 2:
            case 3: {
                auto& writer = *writers_[random_() % writers_.size()];
                writer.kill_hard();
                writer.start();
                ++survived_.writer_kills;
                break;
            }
            case 4:
            case 5:
                real_mirrors_[random_() % real_mirrors_.size()]->kill_and_restart();
                ++survived_.mirror_kills;
                break;
            case 6:
                proxy_.set_upstream(0);
                proxy_.cut_all();
                std::this_thread::sleep_for(std::chrono::milliseconds(random_() % 300));
                proxy_.set_upstream(program_.port());
                ++survived_.outages;
                break;
            default:
                proxy_.cut_all();
        }
    }

    // The writing ends; the mirrors get a network that works, and time.
    bool settle() {
        for (auto& writer : writers_) writer->kill_hard();
        proxy_.set_cutting(false);
        proxy_.cut_all();
        const SystemClock clock;
        const auto store =
            store::SqliteStore::open(program_.database(), store::SqliteStore::Mode::open_existing, clock).value();
        const auto head = store->advance_horizon().value();
        for (auto& mirror : mirrors_) mirror->finish(head.instant + 1us);
        const auto patience = steady_clock::now() + 60s;
        for (auto& mirror : mirrors_) {
            while (!mirror->has_ended() && steady_clock::now() < patience) std::this_thread::sleep_for(20ms);
            if (!mirror->has_ended()) {
                fail(std::string(mirror->name()) + " does not come to its end");
                std::fflush(nullptr);
                program_.kill_hard();
                std::_Exit(1);  // its thread cannot be joined
            }
            mirror->join();
            if (!mirror->fault().empty()) return fail(std::string(mirror->name()) + ": " + mirror->fault());
        }
        for (auto& mirror : real_mirrors_) {
            if (const auto wrong = mirror->finish(); !wrong.empty()) return fail(mirror->name() + ": " + wrong);
        }
        return true;
    }

    bool compare() {
        const SystemClock clock;
        const auto store =
            store::SqliteStore::open(program_.database(), store::SqliteStore::Mode::open_existing, clock).value();
        std::map<Uuid, HeldCopy> truth;
        const auto head = store->head().value();
        const auto visited =
            store->visit_published(0, head.seq, [&](const store::Change& change, std::string_view frame) {
                truth[change.cv] = {change.version, store::decompress_document(frame).value()};
                return true;
            });
        if (!visited) return fail(to_string(visited.error()));
        if (truth.empty()) return fail("nothing was written");
        for (const auto& mirror : mirrors_) {
            if (!equals(truth, *mirror)) return false;
        }
        for (const auto& mirror : real_mirrors_) {
            if (!equals(truth, *mirror)) return false;
        }
        return check_acknowledged(*store, head.seq);
    }

    bool equals(const std::map<Uuid, HeldCopy>& truth, const SmallMirror& mirror) {
        for (const auto& [cv, copy] : truth) {
            const auto held = mirror.copies().find(cv);
            if (held == mirror.copies().end()) return fail(fmt::format("{} lacks {}", mirror.name(), cv.to_string()));
            if (held->second.version != copy.version || held->second.document != copy.document) {
                return fail(fmt::format("{} holds {} version {} as {}, and it is version {}, {}", mirror.name(),
                                        cv.to_string(), held->second.version, held->second.document, copy.version,
                                        copy.document));
            }
        }
        if (mirror.copies().size() == truth.size()) return true;
        return fail(fmt::format("{} holds {} CVs, the store {}", mirror.name(), mirror.copies().size(), truth.size()));
    }

    // Documents alone: the seed profile counts versions of its own.
    bool equals(const std::map<Uuid, HeldCopy>& truth, const RealMirror& mirror) {
        const auto held = mirror.documents();
        for (const auto& [cv, copy] : truth) {
            const auto found = held.find(cv.to_string());
            if (found != held.end() && found->second == copy.document) continue;
            return fail(fmt::format("{} holds of {}: '{}', and it is {}", mirror.name(), cv.to_string(),
                                    found == held.end() ? "nothing" : found->second, copy.document));
        }
        if (held.size() == truth.size()) return true;
        return fail(fmt::format("{} holds {} CVs, the store {}", mirror.name(), held.size(), truth.size()));
    }

    bool check_acknowledged(store::Store& store, store::Seq last) {
        const auto log = store.changes_after(0, last).value();
        for (const auto& writer : writers_) {
            for (const auto& record : writer->said()) {
                ++survived_.writes;
                if (record.seq > log.size()) return fail("an acknowledged write is gone");
                const auto& change = log[record.seq - 1];
                if (change.seq != record.seq || change.cv != record.cv || change.version != record.version) {
                    return fail(fmt::format("the log says something else at {} than was acknowledged", record.seq));
                }
            }
        }
        return survived_.writes > 0 || fail("no write was acknowledged");
    }

    bool ask_all_again() {
        for (const auto& [target, digest] : ledger_.pages()) {
            auto response = ask(program_.port(), program_.key(), {"GET", target, {}, ""});
            while (response.status == 429) {  // a partner's limits hold here too
                std::this_thread::sleep_for(1s);
                response = ask(program_.port(), program_.key(), {"GET", target, {}, ""});
            }
            if (response.status != 200) return fail(fmt::format("{} answers {}", target, response.status));
            if (!ledger_.record(target, response.body)) return fail("a closed window answered differently: " + target);
        }
        return !ledger_.pages().empty() || fail("no window was recorded");
    }

    const Options options_;
    std::mt19937_64 random_;
    RunningProgram program_;
    CuttingProxy proxy_;
    WindowLedger ledger_;
    std::vector<std::unique_ptr<Writer>> writers_;
    std::vector<std::unique_ptr<SmallMirror>> mirrors_;
    std::vector<std::unique_ptr<RealMirror>> real_mirrors_;
    Survived survived_;
};

bool read_options(int argc, char** argv, Options& options) {
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        char* end = nullptr;
        const std::uint64_t value = std::strtoull(argv[i + 1], &end, 10);
        if (*end != '\0') return false;
        if (name == "--seconds") {
            options.lasts = std::chrono::seconds(static_cast<std::int64_t>(value));
        } else if (name == "--minutes") {
            options.lasts = std::chrono::minutes(static_cast<std::int64_t>(value));
        } else if (name == "--seed") {
            options.seed = value;
        } else if (name == "--writers" && value > 0) {
            options.writers = static_cast<unsigned>(value);
        } else if (name == "--cvs" && value > 0) {
            options.cvs = value;
        } else {
            return false;
        }
    }
    return argc % 2 == 1;
}

}  // namespace
}  // namespace cvstroom::test

int main(int argc, char** argv) {
    using namespace cvstroom::test;
    Options options;
    if (!read_options(argc, argv, options)) {
        fmt::print(stderr, "torture [--seconds N | --minutes N] [--seed S] [--writers W] [--cvs C]\n");
        return 2;
    }
    fmt::print("seed {}, {} seconds\n", options.seed, options.lasts.count());
    std::fflush(stdout);
    Torture torture(options);
    if (!torture.run()) return 1;
    torture.print();
    return 0;
}
