"""大屏：把总览放大挂在墙上，自己刷新，一屏看完。"""

import streamlit as st

from dashboard import empty, screen_view

st.title("大屏")

screen_view.live(empty.round_or_stop())
