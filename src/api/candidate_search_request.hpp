// The query of GET /kandidaten, read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/call.hpp"
#include "api/paging.hpp"
#include "api/projection.hpp"
#include "search/criteria_parser.hpp"
#include "search/facets.hpp"

namespace cvstroom::api {

// sorteerveld
enum class SearchOrder : std::uint8_t { newest, relevance, distance };

// A search as the client put it, read in one pass; all that is wrong is in `issues`.
class SearchRequest {
  public:
    SearchRequest(const std::vector<Parameter>& parameters, const reference::ReferenceData& lists, Instant now);

    std::vector<ParameterIssue> issues;
    search::Criteria criteria;
    Projection projection;
    search::FacetParser facets;
    SearchOrder order = SearchOrder::newest;
    bool advises = false;   // advies
    bool explains = false;  // uitleg

    const Paging& paging() const { return paging_.paging(); }

  private:
    void take(const Parameter& parameter, search::CriteriaParser& parser);
    void take_boolean(const Parameter& parameter, std::optional<std::string>& given, bool& value);
    void take_order(const Parameter& parameter);
    void check_together(const std::vector<Parameter>& parameters);
    void issue(const Parameter& parameter, LocalText detail);

    PagingParser paging_;
    std::optional<std::string> order_given_;
    std::optional<std::string> advice_given_;
    std::optional<std::string> explanation_given_;
};

}  // namespace cvstroom::api
