// The OpenAPI document, as the server hands it out (Belgif doc-resource).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "api/call.hpp"

namespace cvstroom::api {

class Description {
  public:
    // Reads the YAML file once. not_found when it is missing.
    static Result<Description> load(const std::filesystem::path& file);

    http::Response get(const Call& call) const;

  private:
    explicit Description(std::string yaml);

    std::shared_ptr<const std::string> yaml_;
    std::string version_;
};

}  // namespace cvstroom::api
