#pragma once

#include <QColor>
#include <QObject>
#include <QString>
#include <QTemporaryDir>
#include <functional>
#include <memory>
#include <vector>

#include "tests/ui/scripted_engine.h"
#include "ui/window/desk.h"

namespace vl::test {

/// Test classes of this program; main() runs them all.
using MakeTest = std::function<std::unique_ptr<QObject>()>;
std::vector<MakeTest>& registeredTests();

template <typename Test>
struct Registered {
  Registered() {
    registeredTests().push_back([] { return std::make_unique<Test>(); });
  }
};

/// A photograph-like PNG of the size in `folder`; the file's path.
QString writePicture(const QTemporaryDir& folder, const QString& name, QSize size = {400, 300});

/// A store that must open.
OpenedStore openStore(const QString& folder);

/// A window over a data folder with a scripted engine that has been loaded.
std::unique_ptr<Desk> openDesk(const QString& dataFolder, const std::shared_ptr<Director>& director,
                               std::vector<QString> samples = {});

/// WCAG 2.1: 1 for equal colours, 21 for black on white.
double contrast(const QColor& a, const QColor& b);

/// Runs the event loop until the condition holds; false after five seconds.
bool waitUntil(const std::function<bool()>& condition);

}  // namespace vl::test
