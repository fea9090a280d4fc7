"""The words of our own pages, in Chinese and English."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

Language = Literal["zh", "en"]

WORDS: Mapping[str, tuple[str, str]] = {
    "product": ("网格", "Wangge"),
    "other_language": ("English", "中文"),
    "day": ("日间", "Day"),
    "night": ("夜间", "Night"),
    "change_theme": ("日间或夜间显示", "Day or night colours"),
    "sign_in": ("登录", "Sign in"),
    "sign_out": ("退出登录", "Sign out"),
    "username": ("用户名", "Username"),
    "password": ("密码", "Password"),
    "link_title": ("一次性登录链接", "One-time sign-in link"),
    "link_as": ("以“{name}”身份登录", "Sign in as {name}"),
    "link_once": ("此链接只能使用一次。", "This link works once."),
    "link_gone": (
        "此登录链接已使用或已过期，请索取新的链接。",
        "This sign-in link was used or is too old; ask for a new one.",
    ),
    "link_elsewhere": (
        "演示账号只能在运行本系统的计算机上登录，请在那台计算机上打开此链接。",
        "Demo accounts sign in only on the machine that serves; open the link there.",
    ),
    "no_fit": (
        "用户名或密码不正确。请重试，或向管理员索取登录链接。",
        "Username and password do not fit. Try again, or ask an administrator for a sign-in link.",
    ),
    "too_often": (
        "失败次数过多，请在 {minutes} 分钟后重试。",
        "Too many failed attempts; try again in {minutes} min.",
    ),
    "account": ("我的账号", "My account"),
    "roles": ("今日角色", "Roles today"),
    "no_roles": ("今日没有任何角色，请联系管理员。", "No role today; ask an administrator."),
    "set_password": ("设置密码", "Set a password"),
    "set_password_first": (
        "请先设置密码，以后即可用用户名和密码登录。",
        "Choose a password now; from then on you sign in with it.",
    ),
    "current_password": ("当前密码", "Present password"),
    "new_password": ("新密码", "New password"),
    "repeat_password": ("再次输入新密码", "New password again"),
    "password_rule": (
        "12 至 256 个字符，不得包含用户名；建议使用几个不相关的词语。",
        "12 to 256 characters, without the username; several unrelated words are good.",
    ),
    "password_set": (
        "密码已保存，其他浏览器已退出登录。",
        "The password is saved; your other browsers are signed out.",
    ),
    "password_weak": (
        "新密码不符合要求：{rule}",
        "The new password breaks the rule: {rule}",
    ),
    "password_differs": ("两次输入的新密码不一致。", "The two new passwords differ."),
    "password_no_fit": (
        "当前密码不正确，密码未更改。",
        "The present password does not fit; nothing was changed.",
    ),
    "not_allowed": ("没有权限", "Not allowed"),
    "not_allowed_more": (
        "您的角色不能查看或执行此项。如工作需要，请联系管理员。",
        "Your roles do not include this. If your work needs it, ask an administrator.",
    ),
    "home": ("返回首页", "Home"),
    "api": ("接口文档", "API"),
}


def words_in(language: Language) -> Callable[..., str]:
    """Function from a key of ``WORDS`` to its text.

    >>> words_in("en")("link_as", name="Ann")
    'Sign in as Ann'
    """
    place = 1 if language == "en" else 0
    return lambda key, **values: WORDS[key][place].format(**values)
