namespace Countersign.EndToEnd.Refusals;

/// <summary>
/// Clients behind which somebody chooses: openssl without the extension that it is known by, so that its User-Agent is believed, and something on the
/// way that holds back its answer as a person would.
/// </summary>
public sealed class UndecidedPeople
{
    private const string Firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    private const string Program = "agent/1.0";

    /// <summary>From four seconds on it is no machine that answers.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(4100);

    private readonly Identity _root = Identity.SelfSigned("CN=Root");

    [Fact]
    [Refuses("not-sent/user-cancelled")]
    [Innocent("not-sent/key-unavailable")]
    public async Task A_person_who_is_shown_the_list_and_takes_none_takes_a_while()
    {
        await using var gate = await RefusalGate.Trusting("", _root);
        var record = await gate.Refused(() => Ask(gate, Firefox, Pause));
        record.ShouldBe("not-sent/user-cancelled", "client", "likely", ("client", "Firefox")).ShouldBeOnPage("not-sent/user-cancelled");
        record.Message.ShouldMatch(@"^Firefox took \d");
    }

    [Fact]
    [Innocent("not-sent/user-cancelled")]
    [Innocent("not-sent/remembered-choice")]
    public async Task A_browser_that_answers_at_once_asked_nobody()
    {
        await using var gate = await RefusalGate.Trusting("", _root);
        (await gate.Refused(() => Ask(gate, Firefox))).Id.ShouldBe("not-sent/not-configured");
    }

    [Fact]
    [Refuses("not-sent/remembered-choice")]
    public async Task A_choice_of_none_is_remembered()
    {
        await using var gate = await RefusalGate.Trusting("", _root);
        (await gate.Refused(() => Ask(gate, Firefox, Pause))).Id.ShouldBe("not-sent/user-cancelled");
        var record = await gate.Refused(() => Ask(gate, Firefox));
        record.ShouldBe("not-sent/remembered-choice", "client", "likely").ShouldBeOnPage("not-sent/remembered-choice");
        record.Evidence("empty_before_at").ShouldNotBeNull();
    }

    [Fact]
    [Refuses("not-sent/key-unavailable")]
    public async Task A_program_that_takes_a_while_waited_for_its_key()
    {
        await using var gate = await RefusalGate.Trusting("", _root);
        var record = await gate.Refused(() => Ask(gate, Program, Pause));
        record.ShouldBe("not-sent/key-unavailable", "client", "possible", ("user_agent", Program)).ShouldBeOnPage("not-sent/key-unavailable");
        record.List("could_also_be").ShouldBe(["not-sent/not-configured"]);
    }

    private static async Task<string> Ask(RefusalGate gate, string agent, TimeSpan pause = default)
    {
        using var slow = new SlowAnswer(gate.Server.EndPoint("tls"), pause);
        var result = await OpenSsl.Connect(
            slow.EndPoint, Clientless.Nobody(more: ["-no_etm"]), $"GET / HTTP/1.1\r\nHost: localhost\r\nUser-Agent: {agent}\r\nConnection: close\r\n\r\n");
        return result.Output;
    }
}
