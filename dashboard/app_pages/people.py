"""账号与安全：谁能登录、是什么角色；新建、更改、停用；重设密码和动态口令；安全设置。"""

import streamlit as st

from dashboard import fragments, people_tables, session, tables, token_tables
from dashboard.actions import accounts as actions
from dashboard.actions import credentials
from dashboard.actions import tokens as token_actions
from dashboard.actions.settings import change_settings
from dashboard.auth import policy as rules
from dashboard.auth.sessions import now
from dashboard.rights import ROLE_NAMES, read_board
from data.errors import WenxiaoError
from metrics.boards import people

st.title("账号与安全")

store = session.workspace().store
settings = session.settings()
policy = session.computed(rules.read_policy, ())
table = session.read(people.accounts)
units = session.read(people.units)
unit_names = {"": people_tables.NO_UNIT, **tables.names(units, "recipient_id", "recipient_name")}
# Failures are no part of what boards are cached by: read them anew each time.
locked = people_tables.locked(read_board(store, session.actor(), people.failures), policy, now())

st.markdown(people_tables.first_line(table, is_demonstration=settings.is_demonstration))
if people_tables.lonely_administrator(table):
    st.warning(fragments.literal(people_tables.lonely_administrator(table)))
if locked:
    names = people_tables.choices(table)
    told = "；".join(f"{names.get(key, key)}{words}" for key, words in locked.items())
    st.warning(f"暂时锁定：{fragments.literal(told)}。")
session.say_done("people")
initial = st.session_state.pop("people_initial", None)
if initial:
    st.html(people_tables.initial_password(*initial))
if units.empty:
    st.info("还没有单位：县市的账号要有所在单位。请州级经办先到“资金文件”发布通知，其中的单位会自动登记；州级的账号现在就可以建。")

shown = people_tables.accounts(table, is_demonstration=settings.is_demonstration)
st.html(f'<div translate="no">{fragments.html_table(shown, is_tall=True)}</div>')

st.subheader("接口令牌", anchor=False)
fresh = st.session_state.pop("people_token", None)
if fresh:
    st.html(token_tables.secret(*fresh))
issued = session.read(people.tokens)
if issued.empty:
    st.info("还没有发放接口令牌。")
else:
    st.html(f'<div translate="no">{fragments.html_table(token_tables.tokens(issued), is_tall=True)}</div>')
if not session.may("add_account"):
    st.caption("账号、令牌和安全设置由系统管理员办理，这里只供查看。")
    st.stop()

st.subheader("新建账号", anchor=False)
# A number in the keys: the browser keeps what was typed under a key, also after the account is made.
new_no = st.session_state.get("people_new_no", 1)
with st.form(f"people_new_{new_no}", border=True):
    left, middle, right = st.columns(3)
    account_id = left.text_input(
        "登录名", max_chars=40, key=f"people_new_{new_no}_id", placeholder="小写字母、数字或 . _ @ -"
    )
    person_name = middle.text_input("姓名", max_chars=actions.MAX_NAME_LENGTH, key=f"people_new_{new_no}_name")
    role = right.selectbox(
        "角色", list(ROLE_NAMES), format_func=ROLE_NAMES.get, key=f"people_new_{new_no}_role", index=None,
        placeholder="请选择", help="角色决定看得到哪些页、能办哪些事；填报和审核不要用同一个账号。",
    )
    left, right = st.columns([1, 2])
    unit = left.selectbox(
        "所在单位", list(unit_names), format_func=unit_names.get, key=f"people_new_{new_no}_unit",
        help="县市的账号必须选，只看得到这个单位；州级的不选。",
    )
    subject = right.text_input(
        "统一身份标识（没有统一身份认证的不填）", max_chars=actions.MAX_SUBJECT_LENGTH,
        key=f"people_new_{new_no}_subject",
    )
    is_new = st.form_submit_button("新建账号", type="primary")
if is_new:
    try:
        made = credentials.enrol(
            store, session.actor(), settings.now(),
            actions.NewAccount(account_id.strip(), person_name, role or "", unit, oidc_subject=subject),
        )
        st.session_state["people_done"] = f"已新建账号 {account_id.strip()}，办理记录{made.entry}。"
        st.session_state["people_initial"] = (person_name.strip(), made.password)
        st.session_state["people_new_no"] = new_no + 1
        st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))

st.subheader("更改账号", anchor=False)
choices = people_tables.choices(table)
session.first_choice("people_account", st.query_params.get("account"), list(choices))
chosen = st.selectbox("账号", list(choices), format_func=choices.get, key="people_account")
st.query_params.update({"account": chosen})
row = table.set_index("account_id").loc[chosen]
seen = actions.state_of(row)
end_sessions = session.sessions().end_all_of

# Keyed by what is shown of the account, not by the store's state: what is typed outlives what others do elsewhere.
with st.form(f"people_change_{chosen}_{people_tables.seen_key(seen)}", border=True):
    left, middle, right = st.columns(3)
    person_name = left.text_input("姓名", value=seen.person_name, max_chars=actions.MAX_NAME_LENGTH)
    roles = list(ROLE_NAMES)
    role = middle.selectbox("角色", roles, format_func=ROLE_NAMES.get, index=roles.index(seen.role))
    unit = right.selectbox(
        "所在单位", list(unit_names), format_func=unit_names.get, index=list(unit_names).index(seen.recipient_id)
    )
    subject = st.text_input(
        "统一身份标识（没有统一身份认证的不填）", value=seen.oidc_subject, max_chars=actions.MAX_SUBJECT_LENGTH
    )
    is_disabled = st.checkbox("停用（不能再登录，办过的事都保留）", value=seen.is_disabled)
    st.caption("角色、所在单位或停用一改，这个账号已经打开的页面立即退出。")
    is_changed = st.form_submit_button("保存更改", type="primary")
if is_changed:
    try:
        entry = actions.change_account(
            store, session.actor(), settings.now(), chosen,
            actions.AccountState(person_name, role, unit, subject, is_disabled), end_sessions, seen,
        )
        st.session_state["people_done"] = f"已更改账号 {chosen}，办理记录{entry}。"
        st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))

left, middle, right = st.columns(3)
with left.popover("重设密码", disabled=seen.is_disabled):
    st.write(f"{fragments.literal(choices[chosen])}将退出登录，用新的初始密码重新登录并改密。")
    is_password = st.button("确认重设密码", key="people_password", type="primary")
with middle.popover("重设动态口令", disabled=seen.is_disabled or not row["has_totp"]):
    st.write(f"{fragments.literal(choices[chosen])}将退出登录；须用动态口令的，下次登录时重新登记。")
    is_totp = st.button("确认重设动态口令", key="people_totp", type="primary")
is_unlocked = right.button("解除锁定", key="people_unlock", disabled=chosen not in locked)
try:
    if is_password:
        given = credentials.reset_password(store, session.actor(), settings.now(), chosen, end_sessions)
        st.session_state["people_done"] = f"已重设 {choices[chosen]}的密码，办理记录{given.entry}。"
        st.session_state["people_initial"] = (seen.person_name, given.password)
        st.rerun()
    if is_totp:
        entry = credentials.reset_totp(store, session.actor(), settings.now(), chosen, end_sessions)
        st.session_state["people_done"] = f"已重设 {choices[chosen]}的动态口令，办理记录{entry}。"
        st.rerun()
    if is_unlocked:
        entry = credentials.unlock_account(store, session.actor(), settings.now(), chosen)
        st.session_state["people_done"] = f"已解除 {choices[chosen]}的锁定，办理记录{entry}。"
        st.rerun()
except WenxiaoError as error:
    st.error(fragments.literal(error))

st.subheader("安全设置", anchor=False)
kept = rules.policy_as_texts(policy)
with st.form(f"people_settings_{people_tables.seen_key(kept)}", border=True):
    columns = st.columns(2)
    typed = {
        key: columns[number % 2].text_input(
            f"{rules.POLICY_TITLES[key]}，{least} 至 {most}", value=kept[key], max_chars=4
        )
        for number, (key, (least, most)) in enumerate(rules.POLICY_LIMITS.items())
    }
    typed["totp_roles"] = ",".join(st.multiselect(
        rules.POLICY_TITLES["totp_roles"], list(ROLE_NAMES), default=list(policy.totp_roles),
        format_func=ROLE_NAMES.get, placeholder="没有角色必须使用",
    ))
    is_saved = st.form_submit_button("保存安全设置", type="primary")
if is_saved:
    try:
        entry = change_settings(store, session.actor(), settings.now(), typed)
        st.session_state["people_done"] = f"已保存安全设置，办理记录{entry}。"
        st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))

# --- 接口令牌 ------------------------------------------------------------------------------------------------

st.subheader("发放和撤销接口令牌", anchor=False)
st.caption("别的系统要读取或报送数据时，为它发放一个；发放过的都列在页面上方。")
token_no = st.session_state.get("people_token_no", 1)
open_accounts = people_tables.choices(table[~table["is_disabled"].astype(bool)])
with st.form(f"people_token_{token_no}", border=True):
    left, right = st.columns(2)
    token_name = left.text_input(
        "令牌名称", max_chars=30, key=f"people_token_{token_no}_name", placeholder="给哪个系统用"
    )
    token_account = right.selectbox(
        "代表账号", list(open_accounts), key=f"people_token_{token_no}_account", format_func=open_accounts.get,
    )
    token_scopes = left.multiselect(
        "用途", list(token_actions.SCOPES), key=f"people_token_{token_no}_scopes",
        format_func=token_actions.SCOPES.get, placeholder="请选择",
    )
    token_days = right.number_input(
        "有效天数", 1, token_actions.MAX_DAYS, 90, key=f"people_token_{token_no}_days"
    )
    is_issued = st.form_submit_button("发放令牌", type="primary")
try:
    if is_issued:
        made = token_actions.issue_token(store, session.actor(), settings.now(), token_actions.NewToken(
            token_name, token_account or "", token_scopes, int(token_days)
        ))
        st.session_state["people_token"] = (token_name, made.secret)
        st.session_state["people_token_no"] = token_no + 1
        st.session_state["people_done"] = f"已发放令牌 {token_name}，办理记录{made.entry}。"
        st.rerun()
    revocable = token_tables.valid(issued)
    if revocable:
        revoked = st.selectbox("撤销令牌", list(revocable), key="people_revoked", format_func=revocable.get)
        if st.button("撤销", key="people_revoke") and revoked:
            entry = token_actions.revoke_token(store, session.actor(), settings.now(), revoked)
            st.session_state["people_done"] = f"已撤销令牌 {revocable[revoked]}，办理记录{entry}。"
            st.rerun()
except WenxiaoError as error:
    st.error(fragments.literal(error))
