#include "api/description.hpp"

#include <fstream>
#include <iterator>

#include "base/digest.hpp"
#include "http/conditional.hpp"

namespace cvstroom::api {

Description::Description(std::string yaml) {
    const Sha256 digest = sha256(yaml);
    version_ = to_hex(std::span(digest).first(8));
    yaml_ = std::make_shared<const std::string>(std::move(yaml));
}

Result<Description> Description::load(const std::filesystem::path& file) {
    std::ifstream input(file, std::ios::binary);
    if (!input) return fail(ErrorCode::not_found, "the OpenAPI document cannot be read", file.string());
    return Description(std::string(std::istreambuf_iterator<char>(input), {}));
}

http::Response Description::get(const Call& call) const {
    http::Response response;
    response.set("ETag", '"' + version_ + '"');
    response.set("Cache-Control", "public, max-age=3600");
    response.set("Vary", "Accept-Encoding");
    if (http::names_etag(call.request.field("If-None-Match"), version_)) {
        response.status = 304;
        return response;
    }
    response.set("Content-Type", "application/yaml");
    response.body = yaml_;
    http::encode_body(response, call.coding);
    return response;
}

}  // namespace cvstroom::api
