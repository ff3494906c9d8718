// Records that are written, sealed and let go together, and who waits for them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "audit/recorder.hpp"

namespace cvstroom::audit {

// What became of some records, for those who wait on one thread.
struct Outcome {
    std::vector<Recorder::Done> done;
    bool is_recorded = false;

    void let_go() const {
        for (const auto& each : done) each(is_recorded);
    }
};

// An event loop as the recorder knows it.
struct Reader {
    explicit Reader(std::shared_ptr<Executor> loop) : executor(std::move(loop)) {}

    const std::shared_ptr<Executor> executor;
    bool is_turn_due = false;
    std::uint64_t seen = 0;         // records that waited when its turn came last
    unsigned turns = 0;             // that it has let pass since, for more of them
    std::vector<Outcome> outcomes;  // to be let go when it comes by
};

struct Group {
    struct Waiting {
        Reader* reader;  // null: whoever comes by
        std::vector<Recorder::Done> done;
    };

    std::string lines;
    std::uint64_t records = 0;
    std::vector<Waiting> waiting;  // a handful: one an event loop

    void add(std::string_view line, Recorder::Done done, Reader* reader) {
        lines += line;
        ++records;
        auto found = std::ranges::find(waiting, reader, &Waiting::reader);
        if (found == waiting.end()) found = waiting.insert(found, Waiting{reader, {}});
        found->done.push_back(std::move(done));
    }

    // Each on its own thread. Empty afterwards.
    void let_go(bool is_recorded) {
        for (auto& each : waiting) {
            Outcome outcome{std::move(each.done), is_recorded};
            if (each.reader == nullptr) {
                outcome.let_go();
            } else {
                each.reader->executor->post([outcome = std::move(outcome)] { outcome.let_go(); });
            }
        }
        clear();
    }

    void clear() {
        lines.clear();
        records = 0;
        waiting.clear();
    }
};

}  // namespace cvstroom::audit
