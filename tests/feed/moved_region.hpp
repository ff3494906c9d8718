// The code lists as they are once a provider has moved a region to another.
#pragma once

#include <fstream>
#include <string>

#include "reference/current_lists.hpp"

namespace cvstroom::test {

// The region of Aalst (BE231A) lies in BE211, no longer in BE23.
inline reference::CurrentLists::Pointer lists_with_aalst_elsewhere() {
    std::ifstream file(CVSTROOM_SOURCE_DIR "/data/regions.tsv");
    std::string text;
    for (std::string line; std::getline(file, line); text += line + '\n') {
        const auto parent = line.find("\tBE231\t");
        if (line.starts_with("BE231A\t") && parent != std::string::npos) line.replace(parent, 7, "\tBE211\t");
    }
    return reference::ReferenceData::load(CVSTROOM_SOURCE_DIR "/data", {{"regios", text}}).value();
}

}  // namespace cvstroom::test
