// `velden`: the members that each row of a search gets beside its cvId (SPEC 4).
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_writer.hpp"
#include "base/parameter.hpp"
#include "base/result.hpp"

namespace cvstroom::api {

// A set of dotted paths into the CV document. A path through a list means that member of each of its entries.
class Projection {
  public:
    // Takes the value of one `velden` parameter; several add up. Unknown paths and more than ten in all are issues.
    void take(const Parameter& parameter, std::vector<ParameterIssue>& issues);

    bool is_empty() const { return root_.children.empty(); }
    // As they were given, with commas between them.
    const std::string& paths() const { return given_; }

    // Writes the selected members of a canonical document into the object that `json` has open; a member that the
    // document lacks is left out. corrupt when the document cannot be read.
    Result<void> write(std::string_view document, JsonWriter& json) const;

    static constexpr std::size_t most_paths = 10;

  private:
    struct Node {
        bool is_whole = false;  // the member with all that is in it
        std::map<std::string, Node, std::less<>> children;
    };
    friend class ProjectionWriter;

    void add(std::string_view path);

    Node root_;
    std::size_t paths_ = 0;
    std::string given_;
};

}  // namespace cvstroom::api
