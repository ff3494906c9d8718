#include "api/candidate_search.hpp"

#include <array>
#include <string>
#include <vector>

#include "api/paging.hpp"
#include "api/parameters.hpp"
#include "api/projection.hpp"
#include "base/json_writer.hpp"
#include "search/advice.hpp"
#include "search/criteria_parser.hpp"
#include "search/engine.hpp"

namespace cvstroom::api {
namespace {

constexpr PageLimits page_limits{20, 200};
const std::vector<std::string_view> own_names{"vanaf", "aantal", "velden", "sorteerveld", "advies"};

// Named by the contract, and not served by this version: said so, never ignored.
constexpr std::array later_names{std::string_view{"trefwoord"}, std::string_view{"postcode"},
                                 std::string_view{"straal"}, std::string_view{"facetten"}, std::string_view{"uitleg"}};

LocalText not_in_this_version() {
    return local_text("wordt door deze versie nog niet ondersteund",
                      "n'est pas encore pris en charge par cette version", "is not supported by this version yet");
}

// A search as the client put it, read in one pass; all that is wrong is in `issues`.
struct SearchRequest {
    std::vector<ParameterIssue> issues;
    PagingParser paging{page_limits};
    Projection projection;
    std::optional<std::string> sort_by;
    std::optional<std::string> advice;
    search::Criteria criteria;

    SearchRequest(const std::vector<Parameter>& parameters, const Services& services) {
        const auto lists = services.lists.get();
        search::CriteriaParser parser(*lists, services.clock.now());
        for (const auto& parameter : parameters) take(parameter, parser);
        criteria = parser.finish(issues);
    }

  private:
    void take(const Parameter& parameter, search::CriteriaParser& parser) {
        if (parser.take(parameter) || paging.take(parameter, issues)) return;
        if (parameter.name == "velden") {
            projection.take(parameter, issues);
        } else if (parameter.name == "sorteerveld") {
            take_once(parameter, sort_by, issues);
            check_sort(parameter);
        } else if (parameter.name == "advies") {
            take_once(parameter, advice, issues);
            if (parameter.value == "true" || parameter.value == "false") return;
            issues.push_back({ParameterIssue::Kind::invalid,
                              parameter.name,
                              parameter.value,
                              {"geef true of false", "indiquez true ou false", "say true or false"}});
        } else if (std::find(later_names.begin(), later_names.end(), parameter.name) != later_names.end()) {
            issues.push_back({ParameterIssue::Kind::unknown, parameter.name, parameter.value, not_in_this_version()});
        } else {
            issues.push_back(search::CriteriaParser::unknown_parameter(parameter, own_names));
        }
    }

    void check_sort(const Parameter& parameter) {
        if (parameter.value == "WIJZIGINGS_DATUM") return;
        const bool is_later = parameter.value == "RELEVANTIE" || parameter.value == "AFSTAND";
        issues.push_back(
            {ParameterIssue::Kind::invalid, parameter.name, parameter.value,
             is_later ? not_in_this_version()
                      : local_text("geef WIJZIGINGS_DATUM", "indiquez WIJZIGINGS_DATUM", "say WIJZIGINGS_DATUM")});
    }
};

Result<search::Plan> plan_search(const search::Criteria& criteria, const Services& services) {
    auto plan = search::make_plan(criteria, services.index.dictionary());
    if (criteria.changed_from) {
        const auto seq = services.store.first_at_or_after(*criteria.changed_from);
        if (!seq) return tl::unexpected(seq.error());
        plan.from = *seq;
    }
    if (criteria.changed_until) {
        const auto seq = services.store.first_at_or_after(*criteria.changed_until);
        if (!seq) return tl::unexpected(seq.error());
        plan.until = *seq;
    }
    return plan;
}

// `advies=true` advises when a search finds no more than this many.
constexpr std::uint64_t little = 20;

// How many would match without each single criterion, in the order in which they were given.
Result<void> write_advice(const search::Criteria& criteria, const Services& services, const index::Snapshot& snapshot,
                          JsonWriter& json) {
    json.key("advies").begin_array();
    for (const auto& [name, others] : search::without_each(criteria)) {
        const auto plan = plan_search(others, services);
        if (!plan) return tl::unexpected(plan.error());
        const auto total = search::run(*plan, snapshot, 0, 0).total;
        json.begin_object().member("zonder", name).member("aantal", total).end_object();
    }
    json.end_array();
    return {};
}

Result<void> write_row(const index::RowData& row, const Projection& projection, const Services& services,
                       JsonWriter& json) {
    if (projection.is_empty()) {
        json.begin_object().member("cvId", row.cv).end_object();
        return {};
    }
    const auto document = services.documents.get(row.seq, row.instant);
    if (!document) return tl::unexpected(document.error());
    json.begin_object().member("cvId", row.cv);
    // Superseded since the snapshot was taken: the row stays, for the count; its members are no longer to be shown.
    if (*document) {
        if (auto written = projection.write((*document)->json, json); !written) return written;
    }
    json.end_object();
    return {};
}

}  // namespace

http::Response search_candidates(const Call& call, const Services& services) {
    const auto parameters = read_parameters(call);
    if (!parameters) return parameters.error();
    const SearchRequest request(*parameters, services);
    if (!request.issues.empty()) return bad_parameters(call, request.issues);
    const auto plan = plan_search(request.criteria, services);
    if (!plan) return failure(call, plan.error());
    const auto& paging = request.paging.paging();
    const auto snapshot = services.index.snapshot();
    const auto page = search::run(*plan, *snapshot, paging.offset, paging.count);
    std::string body;
    body.reserve(64 + page.rows.size() * 52);
    JsonWriter json(body);
    json.begin_object().member("aantal", static_cast<std::int64_t>(page.total)).key("resultaten").begin_array();
    for (const auto& row : page.rows) {
        if (auto written = write_row(row, request.projection, services, json); !written) {
            return failure(call, written.error());
        }
    }
    json.end_array();
    if (request.advice == "true" && page.total <= little) {
        if (auto written = write_advice(request.criteria, services, *snapshot, json); !written) {
            return failure(call, written.error());
        }
    }
    json.end_object();
    auto response = json_response(call, std::move(body));
    response.set("Link", page_links(call.request, *parameters, paging, page.total));
    return response;
}

}  // namespace cvstroom::api
