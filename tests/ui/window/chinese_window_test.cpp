#include <QAbstractItemView>
#include <QAction>
#include <QComboBox>
#include <QDialog>
#include <QFileDialog>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMenuBar>
#include <QRegularExpression>
#include <QTest>
#include <QTimer>

#include "tests/ui/models/model_folders.h"
#include "tests/ui/ui_test.h"
#include "ui/chat/chat_pane.h"
#include "ui/composer/composer.h"
#include "ui/composer/composer_edit.h"
#include "ui/widgets/translation.h"

namespace vl::test {

/// Words that are the same in Chinese: names of programs, formats and keys, and units.
static QString withoutNames(QString text) {
  static const QRegularExpression markup("<[^>]*>");
  static const QRegularExpression path("\\S*/\\S+");
  static const QRegularExpression names(
      "\\b(VL2 Desk|ui_test|DeepSeek Model License|DeepSeek-VL2(-Tiny|-Small)?|DeepSeek|English|"
      "Markdown|JSON|HTML|PDF|PNG|png|COCO|YOLO|LabelMe|Pascal VOC|BF16|bf16|F32|q8_0|q4|SHA-256|"
      "GPL-3\\.0-or-later|config\\.json|safetensors|Top-[kp]|https?|"
      "Ctrl|Shift|Alt|Enter|Esc|Del|Tab|F\\d+|[kMGT]?B)\\b");
  return text.remove(markup).remove(path).remove(names);
}

/// What a view shows of a model and tells a screen reader.
static QStringList textsIn(const QAbstractItemModel* model, const QModelIndex& parent) {
  QStringList texts;
  if (model == nullptr) return texts;
  for (int row = 0; row < model->rowCount(parent); ++row) {
    for (int column = 0; column < model->columnCount(parent); ++column) {
      const QModelIndex index = model->index(row, column, parent);
      for (const int role : {Qt::DisplayRole, Qt::ToolTipRole, Qt::AccessibleTextRole}) {
        texts << index.data(role).toString();
      }
      texts << textsIn(model, index);
    }
  }
  return texts;
}

/// The English texts of a window, its widgets and its actions.
static QStringList englishIn(const QWidget& window) {
  static const QRegularExpression english("[A-Za-z]{2,}");
  QStringList found;
  const auto look = [&](const QObject& object, const QString& text) {
    if (!withoutNames(text).contains(english)) return;
    found << QString("%1: %2").arg(object.metaObject()->className(), text);
  };
  QObjectList objects = window.findChildren<QObject*>();
  objects << const_cast<QWidget*>(&window);
  for (const QObject* object : objects) {
    for (const char* name : {"text", "title", "windowTitle", "toolTip", "statusTip",
                             "placeholderText", "accessibleName", "accessibleDescription"}) {
      const bool isTyped = qobject_cast<const QLineEdit*>(object) != nullptr;
      if (!(isTyped && QLatin1String(name) == QLatin1String("text"))) {
        look(*object, object->property(name).toString());
      }
    }
    if (const auto* box = qobject_cast<const QComboBox*>(object)) {
      for (int i = 0; i < box->count(); ++i) look(*object, box->itemText(i));
    }
    if (const auto* view = qobject_cast<const QAbstractItemView*>(object)) {
      for (const QString& text : textsIn(view->model(), {})) look(*object, text);
    }
  }
  found.removeDuplicates();
  return found;
}

/// A dialog with a list shows a page for each entry.
static QStringList englishOnAllPagesOf(const QDialog& dialog) {
  QStringList found = englishIn(dialog);
  if (auto* list = dialog.findChild<QListWidget*>()) {
    for (int row = 0; row < list->count(); ++row) {
      list->setCurrentRow(row);
      found << englishIn(dialog);
    }
  }
  found.removeDuplicates();
  return found;
}

class ChineseWindowTest : public QObject {
  Q_OBJECT
 private slots:
  void init() {
    chinese_ = std::make_unique<Translation>(Language::SimplifiedChinese);
    folder_ = std::make_unique<QTemporaryDir>();
    const std::filesystem::path models = folder_->filePath("models").toStdString();
    copyMicroModel(models / "模型");
    director_ = std::make_shared<Director>();
    director_->setScript(describeWithBox);
    Desk::Setup setup{folder_->filePath("data").toStdString(),
                      {writePicture(*folder_, "示例.png")},
                      scriptedBackend(director_)};
    setup.models.own = models;
    desk_ = std::make_unique<Desk>(openStore(folder_->filePath("data")), std::move(setup));
    desk_->begin("/models/模型", {});
    desk_->window().show();
  }

  void cleanup() {
    desk_.reset();
    chinese_.reset();
  }

  void anEmptyWindowShowsNoEnglish() { QCOMPARE(englishIn(desk_->window()).join('\n'), QString()); }

  void aConversationShowsNoEnglish() {
    desk_->window().attachFiles({writePicture(*folder_, "狗.png")});
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    ComposerEdit& edit = desk_->window().chat().composer().edit();
    edit.setPlainText("描述这张图片。");
    QTest::keyClick(&edit, Qt::Key_Return);
    QVERIFY(waitUntil([&] { return desk_->controller().conversation().rowCount() == 2; }));
    QVERIFY(waitUntil([&] { return !desk_->controller().isAnswering(); }));
    for (const char* name : {"猫.png", "鸟.png", "鱼.png"}) {
      desk_->window().attachFiles({writePicture(*folder_, name)});
    }
    QVERIFY(waitUntil([&] { return desk_->attachments().isReady(); }));
    QTest::qWait(50);  // the widgets of the conversation are made when it is painted
    QCOMPARE(englishIn(desk_->window()).join('\n'), QString());
  }

  /// Opens what the menus open, and looks at each.
  void noDialogShowsEnglish() {
    int dialogs = 0;
    for (QAction* action : desk_->window().menuBar()->findChildren<QAction*>()) {
      const QString text = action->text();
      if (!text.endsWith(QChar(0x2026)) && action->menuRole() != QAction::AboutRole) continue;
      QStringList english;
      QTimer::singleShot(50, this, [&] {
        for (QWidget* window : QApplication::topLevelWidgets()) {
          auto* dialog = qobject_cast<QDialog*>(window);
          if (dialog == nullptr || !dialog->isVisible()) continue;
          ++dialogs;
          if (qobject_cast<QFileDialog*>(dialog) == nullptr)
            english << englishOnAllPagesOf(*dialog);
          dialog->close();
        }
      });
      action->trigger();
      QTest::qWait(100);
      QCOMPARE(english.join('\n'), QString());
    }
    QVERIFY2(dialogs >= 3, "the menus have opened too few dialogs");
  }

  void noMenuHasALetterTwice() {
    static const QRegularExpression letter("&(\\w)");
    QList<QWidget*> menus{desk_->window().menuBar()};
    for (QMenu* menu : desk_->window().menuBar()->findChildren<QMenu*>()) {
      emit menu->aboutToShow();
      menus << menu;
    }
    for (const QWidget* menu : menus) {
      QSet<QString> letters;
      for (const QAction* action : menu->actions()) {
        const QString own = letter.match(action->text()).captured(1);
        QVERIFY2(own.isEmpty() || !letters.contains(own), qPrintable(action->text()));
        letters << own;
      }
    }
  }

 private:
  std::unique_ptr<Translation> chinese_;
  std::unique_ptr<QTemporaryDir> folder_;
  std::shared_ptr<Director> director_;
  std::unique_ptr<Desk> desk_;
};

static const Registered<ChineseWindowTest> kChineseWindowTest;

}  // namespace vl::test

#include "chinese_window_test.moc"
