// What a client asks of the bulk feed (SPEC 5), read from its parameters. Nothing is ignored.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "api/paging.hpp"
#include "base/parameter.hpp"
#include "base/time.hpp"
#include "feed/selection.hpp"
#include "reference/current_lists.hpp"

namespace cvstroom::api {

class BulkRequest {
  public:
    // `is_stream`: the client accepts NDJSON. `lists` is what codes are checked and compared with.
    BulkRequest(const std::vector<Parameter>& parameters, bool is_stream, reference::CurrentLists::Pointer lists);

    // All that is wrong with it; the other answers mean something only when there is nothing.
    const std::vector<ParameterIssue>& issues() const { return issues_; }

    bool is_stream() const { return is_stream_; }
    const Paging& paging() const { return paging_.paging(); }
    const std::optional<Instant>& from() const { return from_; }
    const std::optional<Instant>& until() const { return until_; }
    const std::optional<std::string>& cursor() const { return cursor_; }
    // `wacht`: how long the client waits for the first new change; absent: not at all.
    const std::optional<std::chrono::seconds>& patience() const { return patience_; }
    // The criteria of SPEC 4 that are codes: of which CVs changes are told. Null: of all.
    const feed::SelectionPointer& selection() const { return selection_; }
    const std::vector<Parameter>& criteria() const { return criteria_; }  // as given
    bool wants_documents() const { return fields_.has_value(); }

  private:
    void add(const Parameter& parameter, LocalText detail, ParameterIssue::Kind kind = ParameterIssue::Kind::invalid);
    void take(const Parameter& parameter);
    void take_instant(const Parameter& parameter, std::optional<Instant>& into);
    void take_patience(const Parameter& parameter);
    void take_fields(const Parameter& parameter);
    void check_combinations();
    void take_criteria(reference::CurrentLists::Pointer lists);

    std::vector<ParameterIssue> issues_;
    bool is_stream_;
    PagingParser paging_;
    bool has_count_ = false;
    std::optional<Instant> from_;
    std::optional<Instant> until_;
    std::optional<std::string> cursor_;
    std::optional<std::chrono::seconds> patience_;
    std::optional<std::string> fields_;
    std::vector<Parameter> criteria_;
    feed::SelectionPointer selection_;
};

}  // namespace cvstroom::api
