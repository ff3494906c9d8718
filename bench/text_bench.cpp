// What free text costs and gives: bytes a CV, CVs indexed a second, and the time of searches with words, phrases and
// distances, alone and with codes, on generated CVs in one segment.
//   text_bench [CVS] [ROUNDS] [CASE]     CASE: a part of a case's name; no others are run
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "index/dead_rows.hpp"
#include "index/index.hpp"
#include "index/segment_builder.hpp"
#include "index/terms.hpp"
#include "index/text_extension.hpp"
#include "sandbox/generator.hpp"
#include "search/criteria_parser.hpp"
#include "search/engine.hpp"
#include "search/ranking.hpp"
#include "search/sources.hpp"

namespace {

using namespace cvstroom;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Case {
    const char* name;
    std::vector<Parameter> parameters;
    enum class Order { newest, relevance, distance } order = Order::newest;
};

const std::vector<Case>& cases() {
    using Order = Case::Order;
    static const std::vector<Case> all{
        {"a rare word", {{"trefwoord", "handelsingenieur"}}},
        {"a word", {{"trefwoord", "logistiek"}}},
        {"a frequent word", {{"trefwoord", "medewerker"}}},
        {"two words", {{"trefwoord", "medewerker logistiek"}}},
        {"a word without another", {{"trefwoord", "medewerker -interim"}}},
        {"a word and three codes",
         {{"trefwoord", "logistiek"}, {"talen", "N:2"}, {"rijbewijzen", "B"}, {"gewensteRegios", "BE2"}}},
        {"a phrase", {{"trefwoord", "\"supply chain\""}}},
        {"a frequent phrase", {{"trefwoord", "\"ik zoek\""}}},
        {"a phrase and a code", {{"trefwoord", "\"supply chain\""}, {"talen", "F:2"}}},
        {"a prefix", {{"trefwoord", "logist*"}}},
        {"a radius of 10 km", {{"postcode", "9300"}, {"straal", "10"}}},
        {"a radius of 50 km", {{"postcode", "2800"}, {"straal", "50"}}},
        {"a radius and two codes", {{"postcode", "9300"}, {"straal", "20"}, {"studies", "MAE5AHH"}, {"talen", "N:2"}}},
        {"a radius, a word, a code",
         {{"postcode", "9300"}, {"straal", "30"}, {"trefwoord", "logistiek"}, {"talen", "N:2"}}},
        {"a word by fitness", {{"trefwoord", "logistiek"}}, Order::relevance},
        {"a frequent word by fitness", {{"trefwoord", "medewerker"}}, Order::relevance},
        {"a radius by distance", {{"postcode", "9300"}, {"straal", "20"}}, Order::distance},
        {"codes by distance", {{"postcode", "9300"}, {"talen", "N:2"}}, Order::distance},
    };
    return all;
}

std::uint64_t answer(const Case& each, const search::Criteria& criteria, const index::Index& index,
                     const reference::ReferenceData& lists) {
    const auto snapshot = index.snapshot();
    auto plan = search::make_plan(criteria, index.dictionary());
    const auto sources = search::add_sources(criteria, lists.places(), plan);
    if (each.order == Case::Order::relevance) {
        return search::run_by_relevance(plan, sources.text->plan(), *snapshot, 0, 20).total;
    }
    if (each.order == Case::Order::distance) {
        return search::run_by_distance(plan, *sources.distances, *snapshot, 0, 20).total;
    }
    return search::run(plan, *snapshot, 0, 20).total;
}

void measure(const Case& each, int rounds, const index::Index& index, const reference::ReferenceData& lists) {
    search::CriteriaParser parser(lists, Instant{});
    for (const auto& parameter : each.parameters) parser.take(parameter);
    std::vector<ParameterIssue> issues;
    const auto criteria = parser.finish(issues);
    if (!issues.empty()) std::abort();
    std::uint64_t total = 0;
    std::vector<double> times;
    for (int round = 0; round < rounds; ++round) {
        const auto start = Clock::now();
        total = answer(each, criteria, index, lists);
        times.push_back(seconds_since(start) * 1e6);
    }
    std::sort(times.begin(), times.end());
    std::printf("%-28s %9llu matches  p50 %9.1f us  p99 %9.1f us\n", each.name, static_cast<unsigned long long>(total),
                times[times.size() / 2], times[times.size() * 99 / 100]);
}

void load(std::uint64_t count, index::Index& index, const reference::ReferenceData& lists) {
    const auto generator = sandbox::Generator::load(CVSTROOM_SOURCE_DIR "/data", 1).value();
    candidate::FactReader reader;
    index::SegmentBuilder builder(index.extension());
    std::string json;
    double reading = 0;
    double adding = 0;
    for (std::uint64_t n = 0; n < count; ++n) {
        json.clear();
        generator->append(n, json);
        auto start = Clock::now();
        const auto* facts = reader.read(json).value();
        index::DocumentTerms document;
        index::collect_terms(*facts, lists, index.dictionary(), document.terms);
        document.postcode = facts->postcode;
        index.extension()->read(*facts, document.extension);
        reading += seconds_since(start);
        start = Clock::now();
        index::RowData row;
        for (unsigned byte = 0; byte < 8; ++byte) row.cv.bytes[byte] = static_cast<std::uint8_t>(n >> (8 * byte));
        row.seq = n + 1;
        builder.add(row, document);
        adding += seconds_since(start);
    }
    const auto start = Clock::now();
    std::vector<index::Part> parts;
    parts.push_back({builder.build(), std::make_shared<index::DeadRows>()});
    index.install(std::move(parts), count);
    std::printf("one thread: %.0f CVs/s read, %.0f added, %.0f built\n", static_cast<double>(count) / reading,
                static_cast<double>(count) / adding, static_cast<double>(count) / seconds_since(start));
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 100'000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 101;
    const auto lists = reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    index::Index index(&index::text_extension());
    load(count, index, *lists);
    const auto snapshot = index.snapshot();
    const auto& segment = *snapshot->parts.front().segment;
    const auto& text = *index::text_of(segment);
    std::printf("%llu CVs: text %.1f bytes a CV (%u words, %u texts that repeat)\n",
                static_cast<unsigned long long>(count), static_cast<double>(text.bytes()) / static_cast<double>(count),
                text.words(), text.texts());
    for (const auto& part : text.sizes()) {
        std::printf("  %-24s %6.1f\n", part.name, static_cast<double>(part.bytes) / static_cast<double>(count));
    }
    const std::string_view wanted = argc > 3 ? argv[3] : "";
    for (const auto& each : cases()) {
        if (std::string_view(each.name).find(wanted) != std::string_view::npos) measure(each, rounds, index, *lists);
    }
}
