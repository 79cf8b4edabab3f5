#include <QApplication>
#include <QTest>
#include <string_view>

#include "tests/ui/ui_test.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/translation.h"

/// ui_test [CLASS] [QtTest's own arguments]
int main(int argc, char** argv) {
  QApplication application(argc, argv);
  const vl::Translation translation(vl::Language::English);  // its plurals
  const vl::Theme theme(application, vl::Appearance::Light);
  const bool oneClass = argc > 1 && std::string_view(argv[1]).ends_with("Test");
  int failed = 0;
  for (const auto& make : vl::test::registeredTests()) {
    const auto test = make();
    if (!oneClass) {
      failed += QTest::qExec(test.get(), argc, argv);
    } else if (std::string_view(test->metaObject()->className()).ends_with(argv[1])) {
      failed += QTest::qExec(test.get(), argc - 1, argv + 1);
    }
  }
  return failed;
}
