#include "api/candidate_search.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "api/candidate_search_facets.hpp"
#include "api/candidate_search_request.hpp"
#include "api/candidate_search_run.hpp"
#include "api/parameters.hpp"
#include "api/plan_limits.hpp"
#include "base/json_writer.hpp"
#include "candidate/facts.hpp"
#include "search/advice.hpp"
#include "search/engine.hpp"
#include "search/explanation.hpp"

namespace cvstroom::api {
namespace {

// `advies=true` advises when a search finds no more than this many.
constexpr std::uint64_t little = 20;

// What is the same for all parts of one answer.
struct Answer {
    const Call& call;
    const Services& services;
    const reference::ReferenceData& lists;
    const SearchRequest& request;
    const SearchOutcome& outcome;
    const index::Snapshot& snapshot;
    std::string members;  // what a row gives of its CV, for the audit
};

// How many would match without each single criterion, in the order in which they were given.
Result<void> write_advice(const Answer& answer, JsonWriter& json) {
    json.key("advies").begin_array();
    for (const auto& [name, others] : search::without_each(answer.outcome.criteria)) {
        const auto complete = plan_search(others, answer.services, answer.lists);
        if (!complete) return tl::unexpected(complete.error());
        const auto total = search::run(complete->plan, answer.snapshot, 0, 0).total;
        json.begin_object().member("zonder", name).member("aantal", total).end_object();
    }
    json.end_array();
    return {};
}

Result<void> write_explanation(const Answer& answer, std::string_view document, JsonWriter& json) {
    thread_local candidate::FactReader reader;
    const auto facts = reader.read(document);
    if (!facts) return tl::unexpected(facts.error());
    json.key("uitleg").begin_array();
    for (const auto& finding : search::explain(answer.outcome.criteria, **facts, answer.lists)) {
        json.begin_object().member("criterium", finding.criterion);
        if (finding.pointer.empty()) {
            json.member("zegtNiets", true);
        } else {
            json.member("gevraagd", finding.asked).member("plaats", finding.pointer);
            json.member("gevonden", finding.found);
        }
        json.end_object();
    }
    json.end_array();
    return {};
}

void write_rank(const Answer& answer, const search::RankedRow& row, JsonWriter& json) {
    if (answer.request.order == SearchOrder::relevance) json.key("relevantie").raw(fmt::format("{:.3f}", row.score));
    if (row.metres) json.key("afstand").raw(fmt::format("{:.1f}", *row.metres / 1000.0));
}

// An explanation shows what it found in the document.
std::string members_of(const SearchRequest& request) {
    std::string members = request.projection.paths();
    if (request.explains) members += members.empty() ? "uitleg" : ",uitleg";
    return members;
}

Result<void> write_row(const Answer& answer, const search::RankedRow& row, JsonWriter& json) {
    const auto& projection = answer.request.projection;
    json.begin_object().member("cvId", row.row.cv);
    write_rank(answer, row, json);
    if (!projection.is_empty() || answer.request.explains) {
        const auto document = answer.services.documents.get(row.row.seq, row.row.instant, answer.call.record.plan);
        if (!document) return tl::unexpected(document.error());
        // Superseded since the snapshot was taken: the row stays, for the count; its members are no longer to be shown.
        if (*document) {
            const std::string& text = (*document)->json;
            answer.call.record.disclose(row.row.cv, row.row.version, answer.members);
            if (auto written = projection.write(text, json); !written) return written;
            if (answer.request.explains) {
                if (auto written = write_explanation(answer, text, json); !written) return written;
            }
        }
    }
    json.end_object();
    return {};
}

Result<void> write_facets(const Answer& answer, JsonWriter& json) {
    json.key("facetten").begin_array();
    for (const auto dimension : answer.request.facets.dimensions()) {
        const auto complete =
            plan_search(search::without_own(answer.outcome.criteria, dimension), answer.services, answer.lists);
        if (!complete) return tl::unexpected(complete.error());
        const auto facet =
            search::count_facet(dimension, complete->plan, answer.snapshot, answer.services.index.dictionary());
        write_facet(dimension, facet, answer.lists, answer.call.language, json);
    }
    json.end_array();
    return {};
}

Result<void> write_answer(const Answer& answer, JsonWriter& json) {
    const auto& page = answer.outcome.page;
    json.begin_object().member("aantal", static_cast<std::int64_t>(page.total)).key("resultaten").begin_array();
    for (const auto& row : page.rows) {
        if (auto written = write_row(answer, row, json); !written) return written;
    }
    json.end_array();
    if (answer.outcome.is_extended) json.member("trefwoordGelezenAls", to_string(*answer.outcome.criteria.text));
    if (!answer.request.facets.dimensions().empty()) {
        if (auto written = write_facets(answer, json); !written) return written;
    }
    if (answer.request.advises && page.total <= little) {
        if (auto written = write_advice(answer, json); !written) return written;
    }
    json.end_object();
    return {};
}

// A row with members takes 5 µs; this many fit half a turn of an event loop.
constexpr std::size_t short_page = 20;

// Ranking looks at every match, 20 to 60 ns each: among this many CVs, all of them fit a turn.
constexpr std::uint64_t ranked_within_a_turn = 5'000;

// Longer than a turn of an event loop, by what can be seen before it is done. Every facet and every advice searches
// again.
bool takes_long(const SearchRequest& request, const index::Snapshot& snapshot) {
    const bool reads_documents = !request.projection.is_empty() || request.explains;
    return (reads_documents && request.paging().count > short_page) || request.advises ||
           !request.facets.dimensions().empty() ||
           (request.order != SearchOrder::newest && snapshot.live() > ranked_within_a_turn);
}

http::Response search(const Call& call, const Services& services, LongWork* work) {
    const auto parameters = read_parameters(call);
    if (!parameters) return parameters.error();
    const auto current = services.lists.get();  // the same lists for the whole answer
    const reference::ReferenceData& lists = *current;
    SearchRequest request(*parameters, lists, services.clock.now());
    refuse_hidden(call, *parameters, request.issues);
    if (!request.issues.empty()) return bad_parameters(call, request.issues);
    const auto snapshot = services.index.snapshot();
    if (work != nullptr && takes_long(request, *snapshot)) {
        return work->answer(call, [&services](const Call& again) { return search(again, services, nullptr); });
    }
    const auto outcome = run_search(request, services, lists, *snapshot);
    if (!outcome) return failure(call, outcome.error());
    std::string body;
    body.reserve(64 + outcome->page.rows.size() * 52);
    JsonWriter json(body);
    if (auto written = write_answer({call, services, lists, request, *outcome, *snapshot, members_of(request)}, json);
        !written) {
        return failure(call, written.error());
    }
    auto response = json_response(call, std::move(body));
    response.set("Link", page_links(call.request, *parameters, request.paging(), outcome->page.total));
    return response;
}

}  // namespace

http::Response search_candidates(const Call& call, const Services& services, LongWork& work) {
    return search(call, services, &work);
}

}  // namespace cvstroom::api
