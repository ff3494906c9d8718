// What the sandbox knows of one key: the faults that its partner asked for, and the record of its calls.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/bulk_bending.hpp"
#include "api/client_record.hpp"
#include "api/restored_copy.hpp"
#include "sandbox/faults.hpp"

namespace cvstroom::api {

// What is to happen to one request. At most one refusal.
struct FaultPlan {
    enum class Refusal { none, storm, server_error, expired };
    Refusal refusal = Refusal::none;
    std::chrono::seconds retry_after{0};  // of a storm
    std::chrono::seconds delay{0};
    std::optional<std::uint64_t> cut;  // a number that says where
};

struct FaultCase {
    std::uint64_t number = 0;  // which of the requests, or changes, that the fault could strike; from 0
    Instant at;
    std::string target;
};

struct FaultState {
    sandbox::Fault fault;
    std::chrono::seconds left{0};
    std::uint64_t considered = 0;
    std::uint64_t struck = 0;
    std::deque<FaultCase> cases;  // the last ones
};

// Thread-safe: each member takes the lock.
class SandboxPartner {
  public:
    using Time = std::chrono::steady_clock::time_point;

    // Replaces all faults. An empty list ends them. `copy`: what `hersteld` puts back; null when it is not among them.
    void set_faults(const std::vector<sandbox::Fault>& faults, Time now, Instant instant, RestoredCopy* copy);
    std::vector<FaultState> faults(Time now);

    // The restored backup that answers this partner now; null: the sandbox itself.
    RestoredCopy* history(Time now);

    // Before the request is answered. `bulk` is null for other resources.
    FaultPlan begin(const std::string& target, const BulkAsked* bulk, Time now, Instant instant);

    // Bends a page, and remembers what it told. `is_whole`: it goes out whole.
    std::string give_page(const BulkAsked& request, std::string body, bool is_whole, Time now);
    // The same for a line of a stream, without its newline; gives one with it, or nothing.
    std::string give_line(const BulkAsked& request, std::string_view line, Time now);
    // Lines that stand before a stream's first: changes whose time has come.
    std::string late_lines(const BulkAsked& request, Time now);
    // A stream's closing line.
    std::string give_end(const BulkAsked& request, std::string_view line, Time now);
    bool bends_bulk(Time now);

    void note_document(const Uuid& cv, store::Version version);
    void note_wait(Time now, std::chrono::seconds wait);
    void note_gone();

    Findings findings();
    ClientRecord::Seen seen(const Uuid& cv);

  private:
    struct Active {
        FaultState state;
        Time begin;
        Instant begin_instant;
        Time storm_until{};
        bool is_spent = false;  // the client has started over
    };
    // A change that is withheld, until `due`.
    struct Late {
        std::string json;
        Time due{};
        bool is_shown = false;
    };

    Active* find(sandbox::FaultKind kind, Time now);
    RestoredCopy* restored(Time now);
    void notice_history(Time now);
    bool strike(Active& active, const std::string& target, Instant instant);
    Bending bending(const BulkAsked& request, Time now);
    void bend_clock(Bending& bending, Time now);
    bool withhold(Active* active, const BulkEntry& entry, Instant changed, std::string_view json, Time now);
    std::vector<std::string> take_late(Time now, const std::optional<std::string>& cursor);
    static void remember(FaultState& state, FaultCase happened);

    std::mutex mutex_;
    std::vector<Active> active_;
    std::map<std::pair<Uuid, store::Version>, Late> late_;
    ClientRecord record_;
    RestoredCopy* copy_ = nullptr;
    const RestoredCopy* noticed_ = nullptr;  // the history that answered last
};

// By key; only the key's digest is kept. Thread-safe.
class SandboxPartners {
  public:
    // Null when nothing is known of the key.
    std::shared_ptr<SandboxPartner> find(std::string_view key);
    // Pre: the key is good. What is known of it, or else `fresh`.
    std::shared_ptr<SandboxPartner> keep(std::string_view key, std::shared_ptr<SandboxPartner> fresh);

  private:
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<SandboxPartner>> partners_;
};

}  // namespace cvstroom::api
