package io.tidemark.gateway.security.audit;

/** Where events of the audit log are told. Safe from any thread; never waits. */
public interface Audit {

  /** Nobody listens. */
  Audit NONE =
      new Audit() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public void tell(AuditEvent event) {}
      };

  /** Whether it is worth finding out what there is to tell. */
  boolean isOn();

  void tell(AuditEvent event);
}
