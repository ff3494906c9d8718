// The members of a small JSON object that a request carries; all that is wrong with it in one go.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/problem.hpp"

namespace cvstroom::api {

// An object of strings and whole numbers, with at most one object inside it ("contract.datum"). An empty body is an
// empty object. Members that are not `known` are issues, as is every other kind of value.
class BodyMembers {
  public:
    BodyMembers(std::string_view body, std::initializer_list<std::string_view> known);

    // The text of a member; an issue when it is not there.
    std::string text(std::string_view name);
    std::string text_or(std::string_view name, std::string otherwise);
    std::optional<std::uint64_t> number(std::string_view name);  // nothing when it is not there
    std::uint64_t number_or(std::string_view name, std::uint64_t otherwise);
    bool has(std::string_view name) const { return texts_.contains(name) || numbers_.contains(name); }

    void add_issue(std::string_view name, std::string_view value, LocalText detail);
    std::vector<http::Issue>& issues() { return issues_; }

  private:
    void take(std::string_view json, std::string_view prefix);

    std::vector<std::string_view> known_;
    std::map<std::string, std::string, std::less<>> texts_;
    std::map<std::string, std::uint64_t, std::less<>> numbers_;
    std::vector<http::Issue> issues_;
};

}  // namespace cvstroom::api
