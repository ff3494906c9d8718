// Writes random batches of CVs until it is killed, and tells of each write only after the store has acknowledged it:
// torture_writer DATABASE SEED CVS
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/writes.hpp"
#include "tests/torture/acknowledgement.hpp"

namespace {

using namespace cvstroom;

struct Planned {
    store::Write write;
    std::uint64_t content;
};

// In the canonical form of candidate/canonical.hpp.
Planned plan_write(std::mt19937_64& random, std::uint32_t cvs) {
    const Uuid id = test::make_id(static_cast<std::uint32_t>(random() % cvs));
    if (random() % 12 == 0) return {test::make_erasure(id), 0};
    const std::uint64_t content = random() % 1'000'000'000;
    const bool is_closed = random() % 10 == 0;
    const auto json = R"({"cvId":")" + id.to_string() + R"(","status":")" + (is_closed ? "GESLOTEN" : "OPEN") +
                      R"(","wijzigingsDatum":"2026-02-13","iklId":)" + std::to_string(content) + "}";
    return {test::make_write(id, json, is_closed ? candidate::Status::closed : candidate::Status::open), content};
}

void acknowledge(const Planned& planned, const store::WriteResult& result) {
    using store::Effect;
    if (result.effect == Effect::unknown || result.effect == Effect::unchanged) return;
    const test::Acknowledgement record{planned.write.cv,
                                       result.seq,
                                       result.version,
                                       static_cast<std::uint32_t>(planned.write.status),
                                       planned.content,
                                       0,
                                       1};
    if (write(STDOUT_FILENO, &record, sizeof record) != static_cast<ssize_t>(sizeof record)) std::_Exit(3);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return 2;
    std::mt19937_64 random(std::strtoull(argv[2], nullptr, 10));
    const auto cvs = static_cast<std::uint32_t>(std::strtoul(argv[3], nullptr, 10));
    const SystemClock clock;
    const auto store = store::SqliteStore::open(argv[1], store::SqliteStore::Mode::open_existing, clock);
    if (!store) {
        std::fprintf(stderr, "%s\n", to_string(store.error()).c_str());
        return 1;
    }
    for (;;) {
        std::vector<Planned> planned;
        for (auto n = random() % 20 + 1; n > 0; --n) planned.push_back(plan_write(random, cvs));
        std::vector<store::Write> writes;
        for (const auto& each : planned) writes.push_back(each.write);
        const auto results = (*store)->append(writes);
        if (!results) {
            std::fprintf(stderr, "%s\n", to_string(results.error()).c_str());
            return 1;
        }
        for (std::size_t i = 0; i < planned.size(); ++i) acknowledge(planned[i], (*results)[i]);
        std::this_thread::sleep_for(std::chrono::milliseconds(random() % 40));
    }
}
