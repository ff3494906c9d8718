// Whatever a client asks of GET /kandidaten is refused with a message in three languages, or answered: by the parsers
// of criteria, text and facets, and on a small real index. What one order of results counts, the others count too.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "http/query.hpp"
#include "index/index.hpp"
#include "index/terms.hpp"
#include "index/text_extension.hpp"
#include "search/criteria_parser.hpp"
#include "search/engine.hpp"
#include "search/explanation.hpp"
#include "search/facets.hpp"
#include "search/ranking.hpp"
#include "search/sources.hpp"

namespace {

using namespace cvstroom;

constexpr const char* documents[] = {
    R"({"natuurlijkPersoon":{"contactAdres":{"postcode":"BE-9300"}},"ervaringen":[{"type":"werkervaring","functieTitel":"Supply chain manager","werkgever":{"naam":"Zilverduin NV"}}],"competenties":[{"type":"talen","code":"N","niveau":"3"},{"type":"technischeCompetentie","code":"11721","score":"43"}],"opleidingen":[{"type":"studie","naam":"MAE5AHH","behaaldIn":1999,"diploma":true}],"gewensteJob":{"regios":["BE231A"],"arbeidsRegimes":["V"]}})",
    R"({"gewensteJob":{"functies":[{"titel":"Manager in de logistiek","ervaring":"3","beroepsprofiel":{"code":"M140201-1"}}],"regios":["BE1"]},"attesteringen":[{"type":"rijbewijs","code":"B","eigenWagen":true}]})",
    R"({"natuurlijkPersoon":{"officieelAdres":{"postcode":"BE-1000"}},"competenties":[{"type":"vrijeCompetentie","naam":"C++","beschrijving":"Élève en école"}]})",
    R"({})"};

struct World {
    std::shared_ptr<const reference::ReferenceData> lists =
        reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data").value();
    index::Index index{&index::text_extension()};

    World() {
        candidate::FactReader reader;
        std::vector<index::Entry> entries;
        for (const std::string document : documents) {
            index::Entry entry;
            entry.change.seq = entries.size() + 1;
            entry.change.cv.bytes[0] = static_cast<std::uint8_t>(entry.change.seq);
            entry.change.status = candidate::Status::open;
            const auto* facts = *reader.read(document);
            index::collect_terms(*facts, *lists, index.dictionary(), entry.document.terms);
            entry.document.postcode = facts->postcode;
            index.extension()->read(*facts, entry.document.extension);
            entries.push_back(std::move(entry));
            index.apply({&entries.back(), 1}, entries.back().change.seq);  // a segment each
        }
        index.merge();
    }
};

void check(bool holds) {
    if (!holds) std::abort();
}

void answer(const World& world, const search::Criteria& criteria, const std::vector<index::Dimension>& facets) {
    const auto snapshot = world.index.snapshot();
    auto plan = search::make_plan(criteria, world.index.dictionary());
    const auto sources = search::add_sources(criteria, world.lists->places(), plan);
    const auto page = search::run(plan, *snapshot, 0, 10);
    check(page.total == page.rows.size() && page.total <= std::size(documents));
    if (sources.text) {
        check(search::run_by_relevance(plan, sources.text->plan(), *snapshot, 0, 10).rows.size() == page.total);
    }
    if (sources.distances) {
        check(search::run_by_distance(plan, *sources.distances, *snapshot, 0, 10).rows.size() == page.total);
    }
    for (const auto dimension : facets) {
        auto others = search::make_plan(search::without_own(criteria, dimension), world.index.dictionary());
        search::add_sources(criteria, world.lists->places(), others);
        const auto facet = search::count_facet(dimension, others, *snapshot, world.index.dictionary());
        for (const auto& value : facet.values) check(value.count > 0 && value.count <= std::size(documents));
    }
    candidate::FactReader reader;
    for (const auto& row : page.rows) {
        const std::string document = documents[row.seq - 1];
        const auto* facts = *reader.read(document);
        if (criteria.text) check(search::matches(*criteria.text, *facts));
        search::explain(criteria, *facts, *world.lists);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const World world;
    const auto parameters = http::parse_query({reinterpret_cast<const char*>(data), size});
    if (!parameters) return 0;
    search::CriteriaParser parser(*world.lists, Instant{});
    search::FacetParser facets;
    std::vector<ParameterIssue> issues;
    for (const auto& parameter : *parameters) {
        if (parser.take(parameter)) continue;
        if (parameter.name == "facetten") {
            facets.take(parameter, issues);
        } else {
            issues.push_back(search::CriteriaParser::unknown_parameter(parameter, {}));
        }
    }
    const auto criteria = parser.finish(issues);
    for (const auto& issue : issues) {
        check(!issue.name.empty());
        check(!issue.detail.nl.empty() && !issue.detail.fr.empty() && !issue.detail.en.empty());
    }
    if (issues.empty()) answer(world, criteria, facets.dimensions());
    return 0;
}
