// Writes random batches until it is killed, and tells of each write only after the store has acknowledged it.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "store/sqlite/sqlite_store.hpp"
#include "tests/support/writes.hpp"
#include "tests/torture/acknowledgement.hpp"

namespace {

using namespace cvstroom;

struct Planned {
    store::Write write;
    std::uint64_t content;
};

Planned plan_write(std::mt19937_64& random) {
    const Uuid id = test::make_id(static_cast<std::uint32_t>(random() % 500));
    if (random() % 8 == 0) return {test::make_erasure(id), 0};
    const std::uint64_t content = random();
    const auto status = random() % 8 == 0 ? candidate::Status::closed : candidate::Status::open;
    const std::string json = std::to_string(content) + std::string(random() % 3000, 'x');
    return {test::make_write(id, json, status), content};
}

void acknowledge(const Planned& planned, const store::WriteResult& result, std::uint32_t batch, std::size_t size) {
    using store::Effect;
    if (result.effect == Effect::unknown || result.effect == Effect::unchanged) return;
    const test::Acknowledgement record{planned.write.cv,
                                       result.seq,
                                       result.version,
                                       static_cast<std::uint32_t>(planned.write.status),
                                       planned.content,
                                       batch,
                                       static_cast<std::uint32_t>(size)};
    if (write(STDOUT_FILENO, &record, sizeof record) != static_cast<ssize_t>(sizeof record)) std::_Exit(3);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) return 2;
    std::mt19937_64 random(std::strtoull(argv[2], nullptr, 10));
    const SystemClock clock;
    const auto store = store::SqliteStore::open(argv[1], store::SqliteStore::Mode::create_if_missing, clock);
    if (!store) {
        std::fprintf(stderr, "%s\n", to_string(store.error()).c_str());
        return 1;
    }
    for (std::uint32_t batch = 0;; ++batch) {
        std::vector<Planned> planned;
        for (auto n = random() % 20 + 1; n > 0; --n) planned.push_back(plan_write(random));
        std::vector<store::Write> writes;
        for (const auto& each : planned) writes.push_back(each.write);
        const auto results = (*store)->append(writes);
        if (!results) return 1;
        for (std::size_t i = 0; i < planned.size(); ++i) acknowledge(planned[i], (*results)[i], batch, planned.size());
    }
}
