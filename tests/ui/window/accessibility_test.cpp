#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QScrollBar>
#include <QTest>
#include <QTimer>
#include <set>

#include "tests/ui/models/model_folders.h"
#include "tests/ui/ui_test.h"
#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"

namespace vl::test {

/// Whether a screen reader has something to say: a name, or the text that is also seen.
static bool isNamed(const QWidget& widget) {
  if (!widget.accessibleName().isEmpty()) return true;
  const auto* button = qobject_cast<const QAbstractButton*>(&widget);
  return button != nullptr && !button->text().isEmpty();
}

/// Parts of a view or field that is named itself.
static bool isPart(const QWidget& widget) {
  return qobject_cast<const QScrollBar*>(&widget) != nullptr ||
         (qobject_cast<const QLineEdit*>(&widget) != nullptr &&
          (widget.parentWidget()->inherits("QAbstractSpinBox") ||
           widget.parentWidget()->inherits("QComboBox"))) ||
         widget.inherits("QComboBoxPrivateContainer") || widget.inherits("QComboBoxListView") ||
         widget.inherits("QMenu") || widget.inherits("QMenuBar");
}

static QStringList unnamedIn(const QWidget& window) {
  QStringList unnamed;
  for (const QWidget* widget : window.findChildren<QWidget*>()) {
    if (widget->focusPolicy() == Qt::NoFocus || isPart(*widget) || isNamed(*widget)) continue;
    unnamed << QString("%1 (%2)").arg(widget->metaObject()->className(), widget->objectName());
  }
  return unnamed;
}

/// Widgets that can be seen and take the focus by Tab, but that Tab does not come to.
static QStringList unreachableIn(QWidget& window) {
  std::set<const QWidget*> reached;
  for (const QWidget* widget = window.nextInFocusChain(); widget != &window;
       widget = widget->nextInFocusChain()) {
    reached.insert(widget);
    if (widget->focusProxy() != nullptr) reached.insert(widget->focusProxy());
  }
  QStringList missing;
  for (const QWidget* widget : window.findChildren<QWidget*>()) {
    const bool wanted = widget->isVisibleTo(&window) && widget->window() == &window &&
                        (widget->focusPolicy() & Qt::TabFocus) != 0;
    if (wanted && reached.count(widget) == 0) missing << widget->metaObject()->className();
  }
  return missing;
}

class AccessibilityTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    folder_ = std::make_unique<QTemporaryDir>();
    const std::filesystem::path models = folder_->filePath("models").toStdString();
    copyMicroModel(models / "tiny");
    director_ = std::make_shared<Director>();
    director_->setScript(describeWithBox);
    Desk::Setup setup{folder_->filePath("data").toStdString(),
                      {writePicture(*folder_, "sample.png")},
                      scriptedBackend(director_)};
    setup.models.own = models;
    desk_ = std::make_unique<Desk>(openStore(folder_->filePath("data")), std::move(setup));
    desk_->begin("/models/scripted", {});
    desk_->window().show();
  }

  void cleanup() { desk_.reset(); }

  void everyFocusableWidgetOfTheWindowHasAName() {
    QCOMPARE(unnamedIn(desk_->window()), QStringList());
    desk_->window().attachFiles({writePicture(*folder_, "dog.png")});
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    ComposerEdit& edit = desk_->window().chat().composer().edit();
    QTest::keyClicks(&edit, "Describe this.");
    QTest::keyClick(&edit, Qt::Key_Return);
    QVERIFY(waitUntil([&] { return desk_->controller().isAnswering(); }) ||
            desk_->controller().conversation().rowCount() == 2);
    desk_->window().attachFiles({writePicture(*folder_, "cat.png")});
    desk_->window().showProblem("A problem.");
    QVERIFY(waitUntil([&] { return !desk_->controller().isAnswering(); }));
    QTest::qWait(50);  // the widgets of the conversation are made when it is painted
    QCOMPARE(unnamedIn(desk_->window()), QStringList());
  }

  void tabReachesEverythingInTheWindow() {
    QCOMPARE(unreachableIn(desk_->window()), QStringList());
  }

  /// Opens what the menus open, as far as it is a dialog of ours, and looks at each.
  void everyDialogIsNamedAndReachable() {
    int dialogs = 0;
    for (QAction* action : desk_->window().menuBar()->findChildren<QAction*>()) {
      const QString text = action->text().remove('&');
      if (!text.endsWith(QChar(0x2026))) continue;
      QStringList wrong;
      QTimer::singleShot(50, this, [&] {
        for (QWidget* window : QApplication::topLevelWidgets()) {
          auto* dialog = qobject_cast<QDialog*>(window);
          if (dialog == nullptr || !dialog->isVisible()) continue;
          if (qobject_cast<QFileDialog*>(dialog) == nullptr) {  // those are not ours
            ++dialogs;
            for (const QString& name : unnamedIn(*dialog)) wrong << text + ": no name: " + name;
            for (const QString& name : unreachableIn(*dialog)) wrong << text + ": no Tab: " + name;
          }
          dialog->close();
        }
      });
      action->trigger();
      QTest::qWait(100);
      QCOMPARE(wrong, QStringList());
    }
    QVERIFY2(dialogs >= 2, "the menus have opened too few dialogs");
  }

 private:
  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<AccessibilityTest> kAccessibilityTest;

}  // namespace vl::test

#include "accessibility_test.moc"
