#include "mirror/flat_cv.hpp"

#include "mirror/flatten.hpp"

namespace cvstroom::mirror {

Publication publication_of(std::string_view wire_status) {
    if (wire_status == "OPEN") return Publication::open;
    if (wire_status == "GESLOTEN" || wire_status == "VERWIJDERD" || wire_status == "BUITEN_SELECTIE") {
        return Publication::removed;
    }
    return Publication::unknown;
}

struct DocumentFlattener::State {
    simdjson::dom::parser parser;
};

DocumentFlattener::DocumentFlattener() : state_(std::make_unique<State>()) {}
DocumentFlattener::~DocumentFlattener() = default;

Result<ReadDocument> DocumentFlattener::read(std::string_view json) {
    simdjson::dom::object document;
    const auto error = state_->parser.parse(json.data(), json.size()).get(document);
    if (error != simdjson::SUCCESS) {
        return fail(ErrorCode::corrupt, std::string("no CV document: ") + simdjson::error_message(error));
    }
    return flatten(document, json.size());
}

}  // namespace cvstroom::mirror
