// How many CVs a second the sandbox's generator makes: at least 50,000 with two threads is what a first load of a
// million in half a minute needs.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "base/result.hpp"
#include "sandbox/generator.hpp"

namespace {

const cvstroom::sandbox::Generator& generator() {
    static const auto made = cvstroom::sandbox::Generator::load(CVSTROOM_SOURCE_DIR "/data", 1).value();
    return *made;
}

void generate(benchmark::State& state) {
    const auto& made = generator();
    const auto thread = static_cast<std::uint64_t>(state.thread_index());
    const auto threads = static_cast<std::uint64_t>(state.threads());
    std::uint64_t number = thread;
    std::uint64_t bytes = 0;
    std::string text;
    for (auto _ : state) {
        text.clear();
        made.append(number, text);
        benchmark::DoNotOptimize(text.data());
        bytes += text.size();
        number += threads;
    }
    state.SetItemsProcessed(state.iterations());  // CVs
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
    state.counters["bytes_per_cv"] = benchmark::Counter(
        static_cast<double>(bytes) / static_cast<double>(state.iterations()), benchmark::Counter::kAvgThreads);
}
BENCHMARK(generate)->Threads(1)->Threads(2)->UseRealTime();

void load(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(cvstroom::sandbox::Generator::load(CVSTROOM_SOURCE_DIR "/data", 1));
}
BENCHMARK(load)->Unit(benchmark::kMillisecond);

}  // namespace
