"""Heads that read labels off the visual tokens, and their losses. They serve training only and are not exported."""
import torch
import torch.nn as nn
import torch.nn.functional as F

from raster import SLOTS

SYMBOLS = 96


class DenseHeads(nn.Module):
    def __init__(self, width, hidden, classes):
        super().__init__()
        self.patch_norm, self.patch_head = nn.LayerNorm(width), nn.Linear(width, SLOTS * SYMBOLS)
        self.token_norm, self.token_head = nn.LayerNorm(hidden), nn.Linear(hidden, 4 * SLOTS * SYMBOLS)
        self.class_head, self.box_head = nn.Linear(hidden, classes), nn.Linear(hidden, 4)
        for module in (self.patch_head, self.token_head, self.class_head, self.box_head):
            nn.init.normal_(module.weight, std=.02)
            nn.init.zeros_(module.bias)

    def losses(self, patches, tokens, labels):
        """-> loss, measures [patch loss, token loss, class loss, box loss, patch accuracy, token accuracy, class accuracy]."""
        characters = labels['characters'].long()                              # [tiles, 729, slots]
        grid = F.pad(characters.view(-1, 27, 27, SLOTS), (0, 0, 0, 1, 0, 1)).view(-1, 14, 2, 14, 2, SLOTS)
        cells = grid.permute(0, 1, 3, 2, 4, 5).reshape(-1, 196, 4, SLOTS)      # the four patches of each visual token
        patch_loss, patch_right = self._characters(self.patch_head(self.patch_norm(patches)), characters)
        tokens = self.token_norm(tokens)
        token_loss, token_right = self._characters(self.token_head(tokens), cells)
        classes = labels['classes'].long()
        pictured = classes > 0
        logits = self.class_head(tokens)
        weight = torch.where(pictured, 1., .04)
        each = F.cross_entropy(logits.flatten(0, 1).float(), classes.flatten(), reduction='none').view_as(weight)
        class_loss = (each * weight).sum() / (weight.sum() + 1)
        boxed = (labels['boxed'] > 0).float() * torch.where(pictured, 1., .3)
        error = F.smooth_l1_loss(self.box_head(tokens).float(), labels['boxes'].float(), reduction='none', beta=.1).mean(-1)
        box_loss = (error * boxed).sum() / (boxed.sum() + 1)
        with torch.no_grad():
            class_right = ((logits.argmax(-1) == classes) & pictured).sum() / (pictured.sum() + 1e-6)
            measures = torch.stack([patch_loss, token_loss, class_loss, box_loss, patch_right, token_right, class_right]).detach()
        return patch_loss + token_loss + class_loss + 4 * box_loss, measures

    @staticmethod
    def _characters(logits, target):
        logits = logits.view(-1, SYMBOLS).float()
        present = target > 0
        filled = present.any(-1, keepdim=True)
        # the first empty slot says "no more"; it counts where there is text, hardly at all elsewhere
        end = ~present & (present.cumsum(-1) == torch.arange(target.shape[-1], device=target.device))
        weight = torch.where(present, 1., torch.where(end & filled, .4, torch.where(end, .03, 0.)))
        each = F.cross_entropy(logits, target.flatten(), reduction='none').view_as(weight)
        with torch.no_grad():
            right = ((logits.argmax(-1).view_as(target) == target) & present).sum() / (present.sum() + 1e-6)
        return (each * weight).sum() / (weight.sum() + 1), right
