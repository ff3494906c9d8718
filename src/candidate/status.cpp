#include "candidate/candidate.hpp"

namespace cvstroom::candidate {

std::string_view wire_name(Status status) {
    switch (status) {
        case Status::open:
            return "OPEN";
        case Status::closed:
            return "GESLOTEN";
        case Status::erased:
            return "VERWIJDERD";
    }
    return {};
}

std::optional<Status> status_from_wire(std::string_view name) {
    for (const Status status : {Status::open, Status::closed, Status::erased}) {
        if (name == wire_name(status)) return status;
    }
    return std::nullopt;
}

}  // namespace cvstroom::candidate
