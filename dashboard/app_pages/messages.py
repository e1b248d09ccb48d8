"""消息提醒：今天会提醒我什么，发到哪里，发过什么；管理员看渠道、发件箱和没有送达的。"""

import streamlit as st

from dashboard import fragments, message_tables, people_tables, session
from dashboard.actions import messages as actions
from dashboard.messages import own
from data.errors import WenxiaoError
from metrics.boards import messages, people

st.title("消息提醒")

store, settings, person = session.workspace().store, session.settings(), session.actor()
post, fault = session.post()
held = own.own_addresses(store, person)
st.markdown(f"**{fragments.literal(message_tables.headline(post, held, is_demonstration=settings.is_demonstration))}**")
session.say_done("messages")
if fault and session.may_read(messages.outbox):
    st.error(fragments.literal(fault))

told = session.own_digest()
if told:
    st.html(message_tables.letter(told))
else:
    st.info(message_tables.NOTHING_TODAY)
st.caption(message_tables.rules())

turn = st.session_state.get("messages_turn", 1)
if post and post.mail():
    st.subheader("接收方式", anchor=False)
for channel in post.mail() if post else []:
    mine = held.get(channel.key, {"mail_address": "", "is_digest_on": True})
    with st.form(f"messages_own_{channel.key}_{people_tables.seen_key(mine)}_{turn}", border=True):
        address = st.text_input(
            f"{fragments.literal(channel.title)}：接收地址（留空就不再接收）", value=mine["mail_address"],
            max_chars=254, placeholder="单位邮箱",
        )
        is_digest_on = st.checkbox("每个工作日的摘要", value=bool(mine["is_digest_on"]))
        st.caption("填报退回、问效单有办理时限，凡登记了地址就即时告知，不单独关闭。")
        is_saved = st.form_submit_button("保存接收方式", type="primary")
    is_tested = st.button(
        "发一条测试消息", key=f"messages_test_{channel.key}", disabled=channel.key not in held or
        settings.is_demonstration,
    )
    try:
        if is_saved:
            entry = actions.set_own_address(
                store, session.actor(), settings.now(), channel, address, is_digest_on=is_digest_on
            )
            st.session_state["messages_done"] = f"已保存接收方式，办理记录{entry}。"
            st.rerun()
        if is_tested:
            with st.spinner("正在发送……"):
                sent = session.send_test(channel)
            st.session_state["messages_done"] = message_tables.result_sentence(sent)
            st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))

st.subheader("发给您的消息", anchor=False)
rows = own.own_messages(store, person)
if rows:
    st.html(fragments.html_table(message_tables.own(rows, post), is_tall=True))
else:
    st.caption("还没有给您发过消息。")

if not session.may_read(messages.outbox):
    st.stop()

# --- 管理员、审计 ---------------------------------------------------------------------------------------------

st.subheader("本单位的渠道", anchor=False)
if post:
    ways = message_tables.channels(post, session.read(people.units))
    st.html(f'<div translate="no">{fragments.html_table(ways)}</div>')
    st.caption(fragments.literal(message_tables.hours_sentence(post, session.closes_at(post))))
else:
    st.caption("没有设置渠道。在数据目录里写一份设置文件，并只让服务的主人能读，就会启用；写法见使用说明。")

st.subheader("发件箱", anchor=False)
# The outbox changes without a new state of the store: read it anew each time.
outbox = session.read_now(messages.outbox)
st.markdown(f"**{fragments.literal(message_tables.counts_sentence(outbox))}**")
if len(outbox):
    st.html(fragments.html_table(message_tables.outbox(outbox, post), is_tall=True))
failed = message_tables.given_up(outbox)
if failed and session.may("resend_message"):
    chosen = st.selectbox("没有送达的", list(failed), format_func=failed.get, key="messages_failed")
    if st.button("重新发送", key="messages_resend") and chosen:
        try:
            entry = actions.resend_message(store, session.actor(), settings.now(), chosen)
            st.session_state["messages_done"] = f"第 {chosen} 条将重新发送，办理记录{entry}。"
            st.rerun()
        except WenxiaoError as error:
            st.error(fragments.literal(error))

st.subheader("各人的接收地址", anchor=False)
reached = session.read(messages.addresses)
if len(reached):
    st.html(f'<div translate="no">{fragments.html_table(message_tables.addresses(reached, post), is_tall=True)}</div>')
else:
    st.caption("还没有人登记接收地址。")
if not session.may("set_address") or not post or not post.mail():
    st.stop()

names = people_tables.choices(session.read(people.accounts))
mailed = {channel.key: channel for channel in post.mail()}
titles = {key: channel.title for key, channel in mailed.items()}
with st.form(f"messages_others_{turn}", border=True):
    left, right = st.columns(2)
    account = left.selectbox("账号", list(names), format_func=names.get, key=f"messages_account_{turn}")
    way = right.selectbox("渠道", list(mailed), format_func=titles.get, key=f"messages_way_{turn}")
    address = st.text_input("接收地址（留空就不再接收）", max_chars=254, key=f"messages_address_{turn}")
    is_entered = st.form_submit_button("登记接收地址")
if is_entered:
    try:
        entry = actions.set_address(store, session.actor(), settings.now(), account, mailed[way], address)
        st.session_state["messages_done"] = f"已登记{names[account]}的接收地址，办理记录{entry}。"
        st.session_state["messages_turn"] = turn + 1
        st.rerun()
    except WenxiaoError as error:
        st.error(fragments.literal(error))
